using System.Buffers;
using EdgeGateway.Shadows.Json;

namespace EdgeGateway.Shadows;

/// <summary>Writes request bodies for <see cref="IShadows"/>.</summary>
public static class ShadowRequests
{
    /// <param name="desired">UTF-8 JSON object of changes (null removes a key), or <c>null</c> to remove the section; empty to leave it.</param>
    /// <param name="reported">Likewise.</param>
    /// <param name="version">The version the change was made for; null for any.</param>
    /// <param name="clientToken">At most 64 bytes, echoed in the notifications.</param>
    public static byte[] Update(ReadOnlySpan<byte> desired = default, ReadOnlySpan<byte> reported = default, long? version = null, string? clientToken = null)
    {
        var json = new ArrayBufferWriter<byte>(desired.Length + reported.Length + 96);
        json.Put("{\"state\":{"u8);
        if (!desired.IsEmpty)
        {
            json.Put("\"desired\":"u8);
            json.Put(desired);
        }
        if (!desired.IsEmpty && !reported.IsEmpty)
            json.Put((byte)',');
        if (!reported.IsEmpty)
        {
            json.Put("\"reported\":"u8);
            json.Put(reported);
        }
        json.Put((byte)'}');
        if (version is { } seen)
        {
            json.Put(",\"version\":"u8);
            json.Put(seen);
        }
        if (clientToken is not null)
        {
            json.Put(",\"clientToken\":"u8);
            json.Put(JsonText.Quote(clientToken));
        }
        json.Put((byte)'}');
        return json.WrittenSpan.ToArray();
    }
}
