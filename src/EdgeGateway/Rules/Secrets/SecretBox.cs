using System.Security.Cryptography;
using EdgeGateway.Configuration;

namespace EdgeGateway.Rules.Secrets;

/// <summary>
/// Seals with a key of this gateway (AES-256-GCM; 12 bytes of nonce, 16 of tag, then the text) and takes secrets out of words meant for
/// people. The key lies in `secrets.key` of the data folder, readable by its owner alone: who has the database but not the file has nothing.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SecretBox(GatewayOptions gateway)
{
    private const int NonceBytes = 12, TagBytes = 16, KeyBytes = 32, ShortestWord = 4;
    private const string Hidden = "(secret)";
    private readonly Lock _gate = new(); // guards the making of the key
    private byte[]? _key;
    private volatile string[] _words = [];

    /// <summary>Words that no log, error, trace or answer may hold.</summary>
    public void Hide(IEnumerable<string> words) => _words = [.. words.Where(static word => word.Length >= ShortestWord).Distinct(StringComparer.Ordinal).OrderByDescending(static word => word.Length)];

    public string Mask(string text)
    {
        foreach (var word in _words)
            text = text.Replace(word, Hidden, StringComparison.Ordinal);
        return text;
    }

    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
        return box;
    }

    /// <returns>Null where it was sealed with another key or is damaged.</returns>
    public byte[]? Open(ReadOnlySpan<byte> box)
    {
        if (box.Length < NonceBytes + TagBytes)
            return null;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(Key(), TagBytes);
            cipher.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), plain);
            return plain;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private byte[] Key()
    {
        lock (_gate)
            return _key ??= ReadKey(Path.Combine(gateway.DataFolder, "secrets.key"));
    }

    private static byte[] ReadKey(string file)
    {
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: KeyBytes } key)
            return key;
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        var fresh = file + ".new";
        using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write(made);
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, file, overwrite: true);
        return made;
    }
}
