using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGateway.Sync.State;

/// <summary>How this part writes JSON: compact, no escape that is not needed.</summary>
internal static class StateJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes<T>(T value, Action<T, Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
            write(value, json);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Text<T>(T value, Action<T, Utf8JsonWriter> write) => Encoding.UTF8.GetString(Bytes(value, write));
}
