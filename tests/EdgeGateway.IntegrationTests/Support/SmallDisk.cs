namespace EdgeGateway.IntegrationTests;

/// <summary>A data folder of which one part lies on a small file system of its own, which can be full. Takes root; else the test is skipped.</summary>
internal sealed class SmallDisk(string dataFolder, string folder) : IAsyncDisposable
{
    public string DataFolder => dataFolder;

    public string Folder => folder;

    public static async Task<SmallDisk> MountAsync(string part, string size)
    {
        var data = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(data, part)).FullName;
        if ((await Programs.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder])).ExitCode != 0)
        {
            Directory.Delete(data, recursive: true);
            Assert.Skip("a small file system cannot be mounted here: that takes root");
        }
        return new(data, folder);
    }

    public async ValueTask DisposeAsync()
    {
        (await Programs.RunAsync("umount", ["-l", folder])).Succeeded();
        Directory.Delete(dataFolder, recursive: true);
    }
}
