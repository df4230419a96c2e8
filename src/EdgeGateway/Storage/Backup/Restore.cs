using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Storage.Backup;

/// <summary>
/// Takes a backup back, in two steps: the archive is unpacked and checked beside the state while the gateway runs; the next start puts it
/// in place, before anything is opened. What was there stays, as <c>before-restore-N</c>.
/// </summary>
/// <remarks>
/// The folders' names are the progress: <c>restore-incoming</c> is being unpacked and is thrown away after a crash, <c>restore-ready</c>
/// is whole, and once the old state is out of the way it becomes <c>restore-applying</c>. Each step is a rename and may be repeated.
/// </remarks>
public static class Restore
{
    private const string Incoming = "restore-incoming";
    private const string Ready = "restore-ready";
    private const string Applying = "restore-applying";
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Whether a checked backup waits for the next start.</summary>
    public static bool IsWaiting(string dataFolder) => Directory.Exists(Path.Combine(dataFolder, Ready)) || Directory.Exists(Path.Combine(dataFolder, Applying));

    /// <summary>Unpacks and checks an archive; the state itself is untouched.</summary>
    /// <exception cref="BackupException">Not a backup, damaged, of a later version, or no room.</exception>
    public static async Task StageAsync(string dataFolder, Stream archive, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(dataFolder, Incoming);
        Delete(folder);
        Directory.CreateDirectory(folder, FolderMode);
        try
        {
            await UnpackAsync(archive, folder, cancellationToken);
            foreach (var database in Directory.EnumerateFiles(folder, "*.db", SearchOption.AllDirectories))
                Check(database);
            Delete(Path.Combine(dataFolder, Ready));
            Directory.Move(folder, Path.Combine(dataFolder, Ready));
        }
        catch (Exception ex) when (ex is InvalidDataException or EndOfStreamException or JsonException or SqliteException or OverflowException or FormatException or ArgumentException or NotSupportedException) // the last four: the tar reader on damaged headers
        {
            Delete(folder);
            throw new BackupException($"this is not a whole backup of a gateway: {ex.Message}", ex);
        }
        catch (IOException ex)
        {
            Delete(folder);
            throw new BackupException($"the backup could not be unpacked in {dataFolder}: {ex.Message}", ex);
        }
        catch
        {
            Delete(folder);
            throw;
        }
    }

    /// <summary>At the start, with the folder locked and nothing open: puts a waiting backup in place.</summary>
    /// <returns>Where the former state lies; null when no backup was waiting.</returns>
    public static string? Apply(string dataFolder)
    {
        foreach (var left in Directory.EnumerateDirectories(dataFolder, "backup-*").Append(Path.Combine(dataFolder, Incoming)))
            Delete(left);
        var (ready, applying) = (Path.Combine(dataFolder, Ready), Path.Combine(dataFolder, Applying));
        if (Directory.Exists(ready))
        {
            MoveEntries(dataFolder, Former(dataFolder, ready), BackupContents.Includes);
            Directory.Move(ready, applying);
        }
        if (!Directory.Exists(applying))
            return null;
        var former = File.ReadAllText(Path.Combine(applying, BackupContents.ManifestName));
        MoveEntries(applying, dataFolder, BackupContents.Includes);
        Delete(applying);
        return former;
    }

    // The manifest has done its work by now: in its place the name of the folder for the former state is kept over a crash.
    private static string Former(string dataFolder, string ready)
    {
        var note = Path.Combine(ready, BackupContents.ManifestName);
        if (File.Exists(note) && File.ReadAllText(note) is { Length: > 0 } noted)
            return noted;
        var number = 1;
        while (Directory.Exists(Path.Combine(dataFolder, $"before-restore-{number}")))
            number++;
        var former = Path.Combine(dataFolder, $"before-restore-{number}");
        Directory.CreateDirectory(former, FolderMode);
        using (var stream = File.Create(note))
        {
            stream.Write(Encoding.UTF8.GetBytes(former));
            stream.Flush(flushToDisk: true);
        }
        return former;
    }

    private static void MoveEntries(string from, string to, Func<string, bool> include)
    {
        foreach (var entry in Directory.GetFileSystemEntries(from))
        {
            var name = Path.GetFileName(entry);
            // A database's log belongs to it, though no backup holds it.
            if (include(name) || name.EndsWith("-wal", StringComparison.Ordinal) || name.EndsWith("-shm", StringComparison.Ordinal))
                Directory.Move(entry, Path.Combine(to, name));
        }
    }

    private static async Task UnpackAsync(Stream archive, string folder, CancellationToken cancellationToken)
    {
        await using var plain = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        await using var tar = new TarReader(plain, leaveOpen: true);
        if (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is not { Name: BackupContents.ManifestName, DataStream: { } manifest })
            throw new InvalidDataException($"it does not begin with {BackupContents.ManifestName}");
        var files = await FilesOfAsync(manifest, cancellationToken);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !BackupContents.IsAcceptable(entry.Name))
                throw new InvalidDataException($"entry '{entry.Name}' does not belong into one");
            await WriteAsync(Path.Combine(folder, entry.Name), entry, cancellationToken);
            files--;
        }
        await plain.CopyToAsync(Stream.Null, cancellationToken); // the checksum at its end
        if (files != 0)
            throw new InvalidDataException($"{Math.Abs(files)} files are {(files > 0 ? "missing" : "too many")}");
    }

    private static async Task<int> FilesOfAsync(Stream manifest, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(manifest, default, cancellationToken);
        if (!document.RootElement.TryGetProperty("format", out var format) || !format.TryGetInt32(out var number) || number is < 1 or > BackupContents.Format)
            throw new InvalidDataException($"its form is {format}, this version knows {BackupContents.Format}: install the version that made it, or a later one");
        return document.RootElement.TryGetProperty("files", out var files) && files.TryGetInt32(out var count) ? count : throw new InvalidDataException("it does not say how many files it has");
    }

    private static async Task WriteAsync(string path, TarEntry entry, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, FolderMode);
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        if (entry.DataStream is { } data)
            await data.CopyToAsync(file, cancellationToken);
        if (file.Length != entry.Length)
            throw new InvalidDataException($"{entry.Name} breaks off");
        file.Flush(flushToDisk: true);
    }

    private static void Check(string database)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is not "ok")
            throw new InvalidDataException($"{Path.GetFileName(database)} in it is damaged");
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
