using System.Runtime.InteropServices;

namespace EdgeGateway.Storage.Log;

/// <summary>A log's folder on a real disk.</summary>
public sealed partial class DiskLogFiles : ILogFiles
{
    private const int ReadOnlyFolder = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on x64
    private const int ReadOnlyFolderArm = 0x4000 | 0x80000; // O_DIRECTORY differs on arm and arm64
    private readonly string _folder;

    /// <param name="folder">Made if it is missing.</param>
    public DiskLogFiles(string folder)
    {
        _folder = Path.GetFullPath(folder);
        if (Directory.Exists(_folder))
            return;
        Directory.CreateDirectory(_folder);
        SyncFolder(Path.GetDirectoryName(_folder)!);
    }

    public IReadOnlyList<string> List() => [.. Directory.GetFiles(_folder).Select(static path => Path.GetFileName(path))];

    public ILogFile Open(string name) => new DiskLogFile(Path.Combine(_folder, name), FileMode.Open);

    public ILogFile Create(string name) => new DiskLogFile(Path.Combine(_folder, name), FileMode.Create);

    public void Rename(string from, string to) => File.Move(Path.Combine(_folder, from), Path.Combine(_folder, to), overwrite: true);

    public void Delete(string name) => File.Delete(Path.Combine(_folder, name));

    public void SyncNames() => SyncFolder(_folder);

    private static void SyncFolder(string folder)
    {
        var arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
        var descriptor = OpenFolder(folder, arm ? ReadOnlyFolderArm : ReadOnlyFolder);
        if (descriptor < 0)
            throw DiskLogFile.Failure("open", folder);
        var result = Flush(descriptor);
        var failure = result == 0 ? null : DiskLogFile.Failure("fsync", folder);
        if (Close(descriptor) != 0 || failure is not null)
            throw failure ?? DiskLogFile.Failure("close", folder);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
