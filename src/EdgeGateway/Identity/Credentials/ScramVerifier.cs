using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Identity.Credentials;

/// <summary>What SCRAM-SHA-256 keeps of a password (RFC 5802 §3): enough to verify a proof, not to make one.</summary>
internal sealed record ScramVerifier(byte[] Salt, int Iterations, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>RFC 7677 §4 asks for 4096 at least; each client works them off at every connect, small ones too.</summary>
    private const int CurrentIterations = 32_768;

    public static ScramVerifier Of(ReadOnlySpan<byte> password) => Of(password, RandomNumberGenerator.GetBytes(16), CurrentIterations);

    public static ScramVerifier Of(ReadOnlySpan<byte> password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        return new(salt, iterations, SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)), HMACSHA256.HashData(salted, "Server Key"u8));
    }

    /// <summary>For a name that does not exist: looks like one that does, the same at every try, and no proof fits it.</summary>
    public static ScramVerifier Nobody(byte[] key, string userName) =>
        new(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(userName))[..16], CurrentIterations, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
}
