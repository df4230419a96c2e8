using Microsoft.Data.Sqlite;

namespace EdgeGateway.Storage.Backup;

/// <summary>
/// Copies a data folder while the gateway writes to it, as a crash at this moment would have left it: each store is whole in itself.
/// </summary>
/// <remarks>
/// Databases are copied by SQLite. A log appends to its last segment and gives up or recycles its first ones: its segments are copied
/// again from the start when one of them is no longer there at the end, so that all belonged to the log throughout. A segment is copied
/// page by page from its end: what was written meanwhile is then missing from some point on, as after a crash, and never before it.
/// </remarks>
internal sealed class DataFolderCopy(string source, string target)
{
    private const int PageBytes = 4096;
    private const int Attempts = 20;

    public void Run(CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories).Prepend(source))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Relative(folder);
            if (path != "." && !BackupContents.Includes(path))
                continue;
            Directory.CreateDirectory(Path.Combine(target, path));
            CopySegments(folder, cancellationToken);
            foreach (var file in Directory.EnumerateFiles(folder).Where(file => BackupContents.Includes(Relative(file)) && !BackupContents.IsLogSegment(file)))
                CopyFile(file);
        }
    }

    private string Relative(string path) => Path.GetRelativePath(source, path);

    private void CopyFile(string file)
    {
        var copy = Path.Combine(target, Relative(file));
        if (BackupContents.IsDatabase(file))
        {
            CopyDatabase(file, copy);
            return;
        }
        try
        {
            File.Copy(file, copy, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Replaced by rename or deleted since it was listed: a crash now would not have kept it either.
        }
    }

    private static void CopyDatabase(string file, string copy)
    {
        using var from = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ToString());
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString());
        from.Open();
        to.Open();
        from.BackupDatabase(to);
    }

    private void CopySegments(string folder, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var segments = Segments(folder);
            if (segments.Length == 0)
                return;
            if (segments.All(TryCopySegment) && segments.All(Segments(folder).Contains))
                return;
            foreach (var segment in segments)
                File.Delete(Path.Combine(target, Relative(segment)));
        }
        throw new BackupException($"the log in {folder} moved on faster than it could be copied, {Attempts} times: try again with less load");
    }

    private static string[] Segments(string folder) => [.. Directory.GetFiles(folder).Where(BackupContents.IsLogSegment).Order(StringComparer.Ordinal)];

    private bool TryCopySegment(string file)
    {
        try
        {
            using var from = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var to = File.OpenHandle(Path.Combine(target, Relative(file)), FileMode.Create, FileAccess.Write);
            var page = new byte[PageBytes];
            for (var offset = (RandomAccess.GetLength(from) - 1) / PageBytes * PageBytes; offset >= 0; offset -= PageBytes)
            {
                var count = RandomAccess.Read(from, page, offset);
                RandomAccess.Write(to, page.AsSpan(0, count), offset);
            }
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
