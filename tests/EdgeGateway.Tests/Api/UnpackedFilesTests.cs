using System.IO.Compression;
using System.Text;
using EdgeGateway.Api;
using Microsoft.Extensions.FileProviders;
using Xunit;

namespace EdgeGateway.Tests.Api;

public sealed class UnpackedFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;
    private readonly UnpackedFiles _files;

    public UnpackedFilesTests() => _files = new UnpackedFiles(new PhysicalFileProvider(_folder));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PackedAlone_IsUnpackedUnderItsName()
    {
        Pack("app.js", "let a = 1;");

        var file = _files.GetFileInfo("/app.js");

        Assert.Equal((true, "app.js", 10L, (string?)null), (file.Exists, file.Name, file.Length, file.PhysicalPath));
        using var reader = new StreamReader(file.CreateReadStream());
        Assert.Equal("let a = 1;", reader.ReadToEnd());
    }

    [Fact]
    public void PlainFileThere_IsServedAsItIs()
    {
        Pack("app.js", "packed");
        File.WriteAllText(Path.Combine(_folder, "app.js"), "plain");

        Assert.Equal(Path.Combine(_folder, "app.js"), _files.GetFileInfo("/app.js").PhysicalPath);
        Assert.Equal(Path.Combine(_folder, "app.js.br"), _files.GetFileInfo("/app.js.br").PhysicalPath);
    }

    [Theory]
    [InlineData("/other.js")]
    [InlineData("/../outside")]
    public void NoSuchFile_DoesNotExist(string path)
    {
        File.WriteAllText(Path.Combine(_folder, "app.js"), "plain");

        Assert.False(_files.GetFileInfo(path).Exists);
    }

    private void Pack(string name, string content)
    {
        using var brotli = new BrotliStream(File.Create(Path.Combine(_folder, name + ".br")), CompressionLevel.Fastest);
        brotli.Write(Encoding.UTF8.GetBytes(content));
    }
}
