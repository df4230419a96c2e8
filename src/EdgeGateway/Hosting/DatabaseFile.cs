using EdgeGateway.Storage;

namespace EdgeGateway.Hosting;

/// <summary>
/// Opens the gateway's database. A damaged file is kept beside it as <c>NAME.corrupt-N</c> and a fresh one takes its place, so that
/// the gateway comes up; <c>status</c> says so until the files kept aside are gone.
/// </summary>
internal static partial class DatabaseFile
{
    public const string Name = "gateway.db";

    /// <exception cref="StartException">A later version wrote the file, or it cannot be opened.</exception>
    public static Database Open(string dataFolder, IReadOnlyList<MigrationSet> migrations, ILogger logger)
    {
        var file = Path.Combine(dataFolder, Name);
        try
        {
            try
            {
                return Database.Open(file, migrations);
            }
            catch (DatabaseCorruptException)
            {
                var kept = KeepAside(file);
                LogCorrupt(logger, file, kept);
                return Database.Open(file, migrations);
            }
        }
        catch (DatabaseTooNewException ex)
        {
            throw new StartException(ex.Message, ex);
        }
        catch (Microsoft.Data.Sqlite.SqliteException ex)
        {
            throw new StartException($"the database {file} cannot be opened ({ex.Message}): check its owner and the disk", ex);
        }
    }

    /// <summary>Damaged files kept from this and earlier starts, oldest first.</summary>
    public static IReadOnlyList<string> KeptAside(string dataFolder) =>
        [.. Directory.GetFiles(dataFolder, $"{Name}.corrupt-*").Where(static file => int.TryParse(Path.GetExtension(file).AsSpan(".corrupt-".Length), out _)).Order(StringComparer.Ordinal)];

    private static string KeepAside(string file)
    {
        var number = 1;
        while (File.Exists($"{file}.corrupt-{number}"))
            number++;
        var kept = $"{file}.corrupt-{number}";
        File.Move(file, kept);
        // The write-ahead log belongs to the damaged file: left in place, SQLite would apply it to the fresh one.
        foreach (var suffix in (string[])["-wal", "-shm"])
            if (File.Exists(file + suffix))
                File.Move(file + suffix, kept + suffix);
        return kept;
    }

    [LoggerMessage(9010, LogLevel.Error, "The database {File} was damaged: kept as {Kept}, starting with a fresh one; restore a backup with 'edgegateway restore FILE'")]
    private static partial void LogCorrupt(ILogger logger, string file, string kept);
}
