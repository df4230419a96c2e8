using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary>Where a bundle's files go. Keys are handed out once, so the folder is made and tried before the gateway is asked for any.</summary>
internal sealed class BundleFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private BundleFolder(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <exception cref="CommandFailedException">It cannot be written, or holds another bundle.</exception>
    public static BundleFolder Prepare(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(path);
            foreach (var key in Directory.EnumerateFiles(path, "*.key").Concat(Directory.EnumerateFiles(path, "connect.json")))
                throw new CommandFailedException($"{key} is there already: choose another folder with --out DIR");
            var probe = System.IO.Path.Combine(path, ".probe");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot write into {path}: {fault.Message}", ExitCodes.Failed, fault);
        }
        return new BundleFolder(path);
    }

    /// <param name="files">Objects with name, content and secret.</param>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> Write(JsonElement files)
    {
        var names = new List<string>();
        foreach (var file in files.EnumerateArray())
        {
            var name = System.IO.Path.GetFileName(Cell.Text(file, "name"));
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (file.GetProperty("secret").GetBoolean() && !OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var writer = new StreamWriter(System.IO.Path.Combine(Path, name), options))
                writer.Write(file.GetProperty("content").GetString());
            if (name.EndsWith(".sh", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(System.IO.Path.Combine(Path, name), OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            names.Add(name);
        }
        return names;
    }

    /// <summary>A file of it, as a word of the shell.</summary>
    public string Quoted(string file) => Quote(System.IO.Path.Combine(Path, file));

    public static string Quote(string word) =>
        word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' or '@' or '+' or ',' or '=')
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
