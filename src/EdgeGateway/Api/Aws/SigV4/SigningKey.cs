using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Api.Aws.SigV4;

/// <summary>The key chain of Signature Version 4 and what is signed with it.</summary>
internal static class SigningKey
{
    /// <returns>The signature over a canonical request, 32 bytes.</returns>
    public static byte[] Sign(string secret, string scope, string timestamp, string canonicalRequest)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Signature.Algorithm}\n{timestamp}\n{scope}\n{hash}"));
    }
}
