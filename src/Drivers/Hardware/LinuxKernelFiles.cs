namespace EdgeGateway.Drivers.Hardware;

/// <summary>The kernel's files as they are.</summary>
internal sealed class LinuxKernelFiles : IKernelFiles
{
    public bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public (long Free, long Size)? Space(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        try
        {
            var disk = new DriveInfo(folder);
            return (disk.AvailableFreeSpace, disk.TotalSize);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null; // not offered to us
        }
    }

    public ValueTask<string> ReadAsync(string path, CancellationToken cancellationToken) => MayBlock(path)
        ? new(Task.Factory.StartNew(() => File.ReadAllText(path), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))
        : new(File.ReadAllText(path));

    public ValueTask WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        if (MayBlock(path))
            return new(Task.Factory.StartNew(() => File.WriteAllText(path, text), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        File.WriteAllText(path, text);
        return ValueTask.CompletedTask;
    }

    // Conversions and bit-banged sensors hold the reader inside the kernel, so they get a thread of their own; the rest is copied from memory.
    private static bool MayBlock(string path) =>
        path.StartsWith(OneWireBus.Folder, StringComparison.Ordinal) || path.StartsWith("/sys/bus/iio", StringComparison.Ordinal);
}
