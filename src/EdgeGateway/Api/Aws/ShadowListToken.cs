using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Api.Aws;

/// <summary>
/// <c>nextToken</c> of a thing's list of shadows: behind which name the next page begins. It holds for the thing and the caller it was given
/// for (shadow.md §5) and survives a restart.
/// </summary>
internal static class ShadowListToken
{
    private const int BindingBytes = 8;

    public static string Encode(string thing, Caller caller, string after)
    {
        var bytes = new byte[BindingBytes + Encoding.UTF8.GetByteCount(after)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Binding(thing, caller));
        Encoding.UTF8.GetBytes(after, bytes.AsSpan(BindingBytes));
        return Base64Url.EncodeToString(bytes);
    }

    /// <param name="after">A shadow's name; empty if this returns false.</param>
    /// <returns>False: not given by <see cref="Encode"/> for this thing and caller.</returns>
    public static bool TryDecode(string token, string thing, Caller caller, out string after)
    {
        after = "";
        var bytes = new byte[token.Length];
        if (!Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var length) || length <= BindingBytes
            || BinaryPrimitives.ReadUInt64BigEndian(bytes) != Binding(thing, caller))
            return false;
        after = Encoding.UTF8.GetString(bytes.AsSpan(BindingBytes, length - BindingBytes));
        return true;
    }

    private static ulong Binding(string thing, Caller caller) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{thing}\n{caller.Principal.Kind}\n{caller.Principal.Id}")));
}
