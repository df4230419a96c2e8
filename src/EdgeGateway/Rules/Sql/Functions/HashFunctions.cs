using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>Lower-case hex of a digest over the UTF-8 bytes. The weak ones are here because rules ask for them by name, not to protect anything.</summary>
internal static class HashFunctions
{
    private delegate byte[] Digest(ReadOnlySpan<byte> data);

    public static readonly SqlFunction[] All =
    [
        Hash("md2", Md2.HashData),
#pragma warning disable CA5350, CA5351 // named by the rule language
        Hash("md5", static data => MD5.HashData(data)),
        Hash("sha1", static data => SHA1.HashData(data)),
#pragma warning restore CA5350, CA5351
        Hash("sha224", Sha224.HashData),
        Hash("sha256", static data => SHA256.HashData(data)),
        Hash("sha384", static data => SHA384.HashData(data)),
        Hash("sha512", static data => SHA512.HashData(data)),
    ];

    private static SqlFunction Hash(string name, Digest digest) => new(name, false, 1, 1, (evaluation, arguments) =>
    {
        if (arguments[0].ToStringOrNull() is not { } text || !evaluation.MayHold(text.Length))
            return default;
        return Convert.ToHexStringLower(digest(Encoding.UTF8.GetBytes(text)));
    });
}
