using EdgeGateway.Api;

namespace EdgeGateway.Hosting;

/// <summary>Prepares and guards the local socket that the command line talks to.</summary>
internal static class ControlSocket
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Makes the folder of the socket and removes what an earlier run left; the caller holds the data folder's lock.</summary>
    /// <exception cref="StartException">Somebody else owns the folder.</exception>
    public static void Prepare(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, FolderMode);
        else if (folder.StartsWith(ControlSocketPath.FallbackPrefix, StringComparison.Ordinal))
            ThrowIfForeign(folder);
        File.Delete(path);
    }

    /// <summary>Root, the gateway's user and its group may connect; nobody else.</summary>
    public static void Guard(string path) =>
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);

    // /tmp is everybody's: a folder that others can write, or that is a link, could hand our socket to them.
    private static void ThrowIfForeign(string folder)
    {
        try
        {
            var writableByOthers = (File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;
            if (writableByOthers || new DirectoryInfo(folder).LinkTarget is not null)
                throw Foreign(folder, inner: null);
            File.SetUnixFileMode(folder, FolderMode); // only the owner may
        }
        catch (UnauthorizedAccessException ex)
        {
            throw Foreign(folder, ex);
        }
    }

    private static StartException Foreign(string folder, Exception? inner) =>
        new($"{folder} belongs to somebody else: remove it, or use a shorter --data path", inner);
}
