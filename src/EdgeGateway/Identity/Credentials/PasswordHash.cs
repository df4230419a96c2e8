using System.Security.Cryptography;

namespace EdgeGateway.Identity.Credentials;

/// <summary>A password as it is kept: PBKDF2-HMAC-SHA512 with a salt of its own; the iterations are kept too, so that they can grow.</summary>
internal sealed record PasswordHash(byte[] Hash, byte[] Salt, int Iterations)
{
    private const int CurrentIterations = 210_000;                   // OWASP's figure for PBKDF2-HMAC-SHA512
    private const int Bytes = 32;

    public static PasswordHash Of(ReadOnlySpan<byte> password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new PasswordHash(Derive(password, salt, CurrentIterations), salt, CurrentIterations);
    }

    public bool Matches(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations), Hash);

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, Bytes);
}
