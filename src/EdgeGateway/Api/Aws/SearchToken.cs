using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Api.Aws;

/// <summary><c>nextToken</c> of a search, which comes in the body: behind which name the next page begins. It holds for the query it was given for.</summary>
internal static class SearchToken
{
    private const int BindingBytes = 8;

    public static string Encode(string index, string query, string after)
    {
        var bytes = new byte[BindingBytes + Encoding.UTF8.GetByteCount(after)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Binding(index, query));
        Encoding.UTF8.GetBytes(after, bytes.AsSpan(BindingBytes));
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="AwsException">It was not given for this query.</exception>
    public static string Decode(string token, string index, string query)
    {
        var bytes = new byte[token.Length];
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length > BindingBytes && BinaryPrimitives.ReadUInt64BigEndian(bytes) == Binding(index, query)
            ? Encoding.UTF8.GetString(bytes.AsSpan(BindingBytes, length - BindingBytes))
            : throw AwsException.InvalidRequest("nextToken is not one that this query gave");
    }

    private static ulong Binding(string index, string query) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{index}\n{query}")));
}
