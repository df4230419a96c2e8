using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Identity.Authorizers;

/// <summary>Checks that a token comes from who holds the authorizer's signing key: base64 of RSA-SHA256 over the token (AWS guide: Custom authentication).</summary>
internal static class TokenSignatures
{
    public static bool Verify(CustomAuthorizer authorizer, string? token, string? signature)
    {
        if (token is null || signature is null)
            return false;
        var bytes = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, bytes, out var length))
            return false;
        foreach (var pem in authorizer.SigningKeys.Values)
        {
            using var key = RSA.Create();
            key.ImportFromPem(pem);
            if (key.VerifyData(Encoding.UTF8.GetBytes(token), bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
                return true;
        }
        return false;
    }
}
