using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGateway.Registry;

/// <summary>JSON of the registry's columns and of the details of its events.</summary>
internal static class RegistryJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Bytes(write));

    public static byte[] Object(Action<Utf8JsonWriter> writeMembers) => Bytes(writer =>
    {
        writer.WriteStartObject();
        writeMembers(writer);
        writer.WriteEndObject();
    });

    public static void WriteAttributes(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> attributes)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in attributes)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    public static void WriteNames(Utf8JsonWriter writer, IReadOnlyList<string> names)
    {
        writer.WriteStartArray();
        foreach (var name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }

    public static string Names(IReadOnlyList<string> names) => Text(writer => WriteNames(writer, names));

    public static IReadOnlyList<string> ReadNames(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(static name => name.GetString()!)];
    }

    public static string Propagating(IReadOnlyList<PropagatingAttribute> attributes) => Text(writer =>
    {
        writer.WriteStartArray();
        foreach (var attribute in attributes)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(attribute.UserPropertyKey);
            writer.WriteStringValue(attribute.ThingAttribute);
            writer.WriteStringValue(attribute.ConnectionAttribute);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    });

    public static IReadOnlyList<PropagatingAttribute> ReadPropagating(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(static row => new PropagatingAttribute(row[0].GetString()!, row[1].GetString(), row[2].GetString()))];
    }
}
