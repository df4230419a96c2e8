using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Api.Aws;

/// <summary>A <c>nextToken</c>: behind which name the next page begins. It holds only for what it was given for, and survives a restart.</summary>
internal static class BoundToken
{
    private const int BindingBytes = 8;

    /// <param name="binding">What it is given for, such as the query.</param>
    public static string Encode(string binding, string after)
    {
        var bytes = new byte[BindingBytes + Encoding.UTF8.GetByteCount(after)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Of(binding));
        Encoding.UTF8.GetBytes(after, bytes.AsSpan(BindingBytes));
        return Base64Url.EncodeToString(bytes);
    }

    /// <param name="after">A name; empty if this returns false.</param>
    /// <returns>False: not given by <see cref="Encode"/> for this.</returns>
    public static bool TryDecode(string token, string binding, out string after)
    {
        after = "";
        var bytes = new byte[token.Length];
        if (!Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var length) || length <= BindingBytes || BinaryPrimitives.ReadUInt64BigEndian(bytes) != Of(binding))
            return false;
        after = Encoding.UTF8.GetString(bytes.AsSpan(BindingBytes, length - BindingBytes));
        return true;
    }

    private static ulong Of(string binding) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(binding)));
}
