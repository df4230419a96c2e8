namespace EdgeGateway.Sync.Uplink;

/// <summary>Sees when certificate, key, CA or password of an upstream have been replaced.</summary>
internal sealed class CredentialFiles
{
    private readonly string[] _paths;
    private string _seen;

    /// <param name="resolve">Makes a path of the configuration absolute.</param>
    public CredentialFiles(UpstreamCredentials credentials, Func<string, string> resolve)
    {
        _paths = [.. new[] { credentials.Certificate, credentials.Key, credentials.Ca, credentials.PasswordFile, credentials.TokenFile }.OfType<string>().Select(resolve)];
        _seen = Look();
    }

    /// <summary>True once for each change.</summary>
    public bool HaveChanged()
    {
        var now = Look();
        if (now == _seen)
            return false;
        _seen = now;
        return true;
    }

    private string Look() => string.Join(' ', _paths.Select(static path => new FileInfo(path) is { Exists: true } file ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "-"));
}
