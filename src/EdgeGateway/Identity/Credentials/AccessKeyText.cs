using System.Security.Cryptography;

namespace EdgeGateway.Identity.Credentials;

/// <summary>Ids and secrets of the form that AWS's tools take.</summary>
internal static class AccessKeyText
{
    private const string IdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <param name="prefix">AKIA for keys that last, ASIA for temporary ones.</param>
    public static (string Id, string Secret) New(string prefix) =>
        (prefix + RandomNumberGenerator.GetString(IdAlphabet, 16), RandomNumberGenerator.GetString(SecretAlphabet, 40));
}
