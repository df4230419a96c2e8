using EdgeGateway.Configuration;

namespace EdgeGateway.Hosting;

/// <summary>
/// The folder of all state, held by one gateway at a time: an exclusive flock on <c>DIR/lock</c>, which the kernel lets go when
/// the process ends, however it ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>Below this the gateway does not start: SQLite's log and one segment of the message log must fit.</summary>
    public const long MinimumFreeBytes = 16L << 20;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <param name="path">Created if missing, for this user alone.</param>
    /// <param name="freeBytes">Bytes free for this user on the file system of a folder.</param>
    /// <exception cref="StartException">In use, not writable, or full.</exception>
    public static DataFolder Open(string path, Func<string, long> freeBytes)
    {
        try
        {
            if (!Directory.Exists(path))
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
            var folder = new DataFolder(path, Lock(System.IO.Path.Combine(path, "lock")));
            try
            {
                folder.CheckSpace(freeBytes);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException ex)
        {
            throw NotWritable(path, "permission denied", ex);
        }
        catch (IOException ex) when (IsDiskFull(ex))
        {
            throw Full(path, free: 0, ex);
        }
        catch (IOException ex)
        {
            throw NotWritable(path, ex.Message, ex);
        }
    }

    public static long FreeBytes(string path) => new DriveInfo(path).AvailableFreeSpace;

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); // FileShare.None is flock(LOCK_EX | LOCK_NB)
        }
        catch (IOException ex) when (ex.GetType() == typeof(IOException) && File.Exists(file) && !IsDiskFull(ex) && !IsReadOnly(ex))
        {
            var owner = ProcessFinder.OwnerOfFile(file) is { } process ? $" by {process}" : "";
            throw new StartException($"the data folder {System.IO.Path.GetDirectoryName(file)} is in use{owner}: stop that gateway first, or name another folder with --data", ex);
        }
    }

    private void CheckSpace(Func<string, long> freeBytes)
    {
        var probe = System.IO.Path.Combine(Path, "write-test");
        using (var stream = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose))
        {
            stream.Write(new byte[4096]);
            stream.Flush(flushToDisk: true);
        }
        var free = freeBytes(Path);
        if (free < MinimumFreeBytes)
            throw Full(Path, free, inner: null);
    }

    private static StartException NotWritable(string path, string reason, Exception inner) =>
        new($"the data folder {path} cannot be written ({reason}): give it to this user (chown {Environment.UserName} {path}), or name another folder with --data", inner);

    private static StartException Full(string path, long free, Exception? inner) =>
        new($"the disk of the data folder {path} is full ({Units.FormatSize(free)} free, {Units.FormatSize(MinimumFreeBytes)} needed): make room (journalctl --vacuum-size=100M), or name another folder with --data", inner);

    private static bool IsDiskFull(IOException ex) => ex.HResult is 28 or 122; // ENOSPC, EDQUOT: the raw errno on Unix
    private static bool IsReadOnly(IOException ex) => ex.HResult == 30;        // EROFS
}
