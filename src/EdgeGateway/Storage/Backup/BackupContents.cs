namespace EdgeGateway.Storage.Backup;

/// <summary>What of a data folder is state. Everything is, but for what belongs to one run or was set aside.</summary>
internal static class BackupContents
{
    /// <summary>First entry of an archive: says what it is.</summary>
    public const string ManifestName = "edgegateway-backup.json";

    /// <summary>Version of the archive's form; a later one is refused.</summary>
    public const int Format = 1;

    private static readonly string[] OfOneRun = ["lock", "endpoints.json", "endpoints.json.new", "control.sock", "write-test", ManifestName];
    private static readonly string[] Temporary = ["backup-", "restore-", "before-restore-"];
    private static readonly string[] Companions = ["-wal", "-shm", "-journal", ".spare", ".damaged"];

    /// <param name="path">Relative to the data folder, with '/'.</param>
    public static bool Includes(string path)
    {
        var (top, name) = (path.Split('/')[0], path[(path.LastIndexOf('/') + 1)..]);
        return !OfOneRun.Contains(top, StringComparer.Ordinal)
            && !Temporary.Any(prefix => top.StartsWith(prefix, StringComparison.Ordinal))
            && !Companions.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal))
            && !name.Contains(".corrupt-", StringComparison.Ordinal);
    }

    /// <summary>Whether an entry of an archive may be written below the data folder: a plain path that a backup could have made.</summary>
    public static bool IsAcceptable(string path) =>
        path.Length is > 0 and < 1024
        && path.Split('/').All(static part => part is not ("" or "." or "..") && !part.Contains('\\') && !part.Contains('\0'))
        && Includes(path);

    public static bool IsDatabase(string path) => path.EndsWith(".db", StringComparison.Ordinal);

    public static bool IsLogSegment(string path) => path.EndsWith(".log", StringComparison.Ordinal);
}
