namespace EdgeGateway.Identity.Certificates;

/// <summary>Files only the service may read, written whole: beside the old one, flushed, then over it.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    public static void WriteText(string file, string text) => WriteBytes(file, System.Text.Encoding.UTF8.GetBytes(text));

    public static void WriteBytes(string file, ReadOnlySpan<byte> content)
    {
        var next = file + ".next";
        File.Delete(next);                                           // its mode would survive an overwrite
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(next, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(next, file, overwrite: true);
    }
}
