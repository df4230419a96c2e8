using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace EdgeGateway.Storage.Backup;

/// <summary>A copy of the data folder at one moment, gone when disposed.</summary>
public sealed class BackupCopy : IDisposable
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _version;
    private readonly DateTimeOffset _createdAt;

    internal BackupCopy(string folder, string version, DateTimeOffset createdAt) => (Folder, _version, _createdAt) = (folder, version, createdAt);

    internal string Folder { get; }

    /// <summary>Sends the copy as a compressed tar archive, the manifest first.</summary>
    public async Task SendAsync(Stream target, CancellationToken cancellationToken)
    {
        var files = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(file => BackupContents.Includes(Path.GetRelativePath(Folder, file)))
            .Order(StringComparer.Ordinal)
            .ToArray();
        await using var compressed = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(compressed, TarEntryFormat.Pax, leaveOpen: true);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupContents.ManifestName) { DataStream = new MemoryStream(Manifest(files.Length)), Mode = FileMode }, cancellationToken);
        foreach (var file in files)
        {
            await using var content = File.OpenRead(file);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(Folder, file)) { DataStream = content, Mode = FileMode }, cancellationToken);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private byte[] Manifest(int files)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("format", BackupContents.Format);
            json.WriteString("version", _version);
            json.WriteString("createdAt", _createdAt);
            json.WriteNumber("files", files);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
