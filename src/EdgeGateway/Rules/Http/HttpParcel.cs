using System.Text;

namespace EdgeGateway.Rules.Http;

/// <summary>One request of the `http` action, as it is stored.</summary>
/// <param name="AuthKind">`basic` or `bearer`; null: none. The secret itself is read when it is sent.</param>
/// <param name="AuthKey">Member of the secret's JSON; null: all of it.</param>
internal sealed record HttpParcel(string Url, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body, string? AuthKind = null, string? SecretId = null, string? AuthKey = null, string? AuthRole = null)
{
    public const string Kind = "http";

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Url);
            writer.Write(ContentType);
            writer.Write(Headers.Count);
            foreach (var (key, value) in Headers)
            {
                writer.Write(key);
                writer.Write(value);
            }
            foreach (var text in (string?[])[AuthKind, SecretId, AuthKey, AuthRole])
                writer.Write(text ?? "");
            writer.Write(Body.Length);
            writer.Write(Body.Span);
        }
        return stream.ToArray();
    }

    public static HttpParcel Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var (url, type) = (reader.ReadString(), reader.ReadString());
        var headers = new KeyValuePair<string, string>[reader.ReadInt32()];
        for (var i = 0; i < headers.Length; i++)
            headers[i] = new(reader.ReadString(), reader.ReadString());
        var auth = new string?[4];
        for (var i = 0; i < auth.Length; i++)
            auth[i] = reader.ReadString() is { Length: > 0 } text ? text : null;
        return new(url, type, headers, reader.ReadBytes(reader.ReadInt32()), auth[0], auth[1], auth[2], auth[3]);
    }
}
