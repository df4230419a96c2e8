namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgegateway-files-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public async Task<string> WriteAsync(string name, string content)
    {
        await File.WriteAllTextAsync(In(name), content);
        return In(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
