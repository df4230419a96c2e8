using System.Security.Cryptography;
using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Identity.Credentials;

/// <summary>Encrypts what must be had back (AES-256-GCM) with a key in a file only the service may read; made at first start.</summary>
/// <remarks>Sealed form: nonce (12), tag (16), ciphertext.</remarks>
internal sealed class MachineKey : IDisposable
{
    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16;
    private readonly AesGcm _cipher;

    /// <exception cref="InvalidDataException">The file is there but is no key: making another would lose every secret.</exception>
    public MachineKey(string file)
    {
        if (!File.Exists(file))
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(file)!);
            PrivateFiles.WriteBytes(file, RandomNumberGenerator.GetBytes(KeyBytes));
        }
        var key = File.ReadAllBytes(file);
        if (key.Length != KeyBytes)
            throw new InvalidDataException($"{file} has {key.Length} bytes, expected {KeyBytes}: restore it from a backup");
        _cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var whole = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        _cipher.Encrypt(whole.AsSpan(0, NonceBytes), plain, whole.AsSpan(NonceBytes + TagBytes), whole.AsSpan(NonceBytes, TagBytes));
        return whole;
    }

    /// <exception cref="CryptographicException">Sealed with another key, or damaged.</exception>
    public byte[] Open(ReadOnlySpan<byte> whole)
    {
        if (whole.Length < NonceBytes + TagBytes)
            throw new CryptographicException($"{whole.Length} bytes are too few to be sealed by this key");
        var plain = new byte[whole.Length - NonceBytes - TagBytes];
        _cipher.Decrypt(whole[..NonceBytes], whole[(NonceBytes + TagBytes)..], whole.Slice(NonceBytes, TagBytes), plain);
        return plain;
    }

    public void Dispose() => _cipher.Dispose();
}
