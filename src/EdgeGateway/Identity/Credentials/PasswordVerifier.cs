using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace EdgeGateway.Identity.Credentials;

/// <summary>
/// Checks passwords without letting the slow hash stop the machine: one at a time, and a password that was right once is remembered as a
/// keyed digest (key and digests live in memory only), so that two hundred plugs coming back after a power cut do not queue for a minute.
/// </summary>
internal sealed class PasswordVerifier : IDisposable
{
    private const int MaxRemembered = 10_000;
    private static readonly PasswordHash Nobody = PasswordHash.Of("nobody"u8);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly ConcurrentDictionary<string, byte[]> _known = new(StringComparer.Ordinal);

    /// <param name="stored">Null for a name that does not exist: takes as long all the same.</param>
    public async Task<bool> VerifyAsync(PasswordHash? stored, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        var digest = stored is null ? null : Digest(stored, password.Span);
        var name = stored is null ? null : Convert.ToHexString(stored.Salt);
        if (name is not null && _known.TryGetValue(name, out var known) && CryptographicOperations.FixedTimeEquals(known, digest))
            return true;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var matches = await Task.Run(() => (stored ?? Nobody).Matches(password.Span), cancellationToken);
            if (!matches || name is null)
                return false;
            if (_known.Count >= MaxRemembered)
                _known.Clear();
            _known[name] = digest!;
            return true;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private byte[] Digest(PasswordHash stored, ReadOnlySpan<byte> password)
    {
        var salted = new byte[stored.Hash.Length + password.Length];
        stored.Hash.CopyTo(salted, 0);
        password.CopyTo(salted.AsSpan(stored.Hash.Length));
        return HMACSHA256.HashData(_key, salted);
    }
}
