using EdgeGateway.Hosting;
using Xunit;

namespace EdgeGateway.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Open_Missing_IsMadeForThisUserAlone()
    {
        using var folder = DataFolder.Open(Path.Combine(_parent, "data"), Plenty);

        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(folder.Path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
        Assert.Equal(["lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Open_Held_SaysSo()
    {
        using var first = DataFolder.Open(_parent, Plenty);

        var refused = Assert.Throws<StartException>(() => DataFolder.Open(_parent, Plenty));

        Assert.StartsWith($"the data folder {_parent} is in use", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LetGo_CanBeHeldAgain()
    {
        DataFolder.Open(_parent, Plenty).Dispose();

        DataFolder.Open(_parent, Plenty).Dispose();
    }

    [Fact]
    public void Open_UnderAFile_IsNotWritable()
    {
        File.WriteAllText(Path.Combine(_parent, "file"), "");

        var refused = Assert.Throws<StartException>(() => DataFolder.Open(Path.Combine(_parent, "file", "data"), Plenty));

        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_KernelFileSystem_IsNotWritable()
    {
        var refused = Assert.Throws<StartException>(() => DataFolder.Open("/proc/edgegateway", Plenty));

        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TooLittleRoom_SaysHowMuchIsNeededAndLetsGo()
    {
        var refused = Assert.Throws<StartException>(() => DataFolder.Open(_parent, static _ => 3 << 20));

        Assert.Equal($"the disk of the data folder {_parent} is full (3MB free, 16MB needed): make room (journalctl --vacuum-size=100M), or name another folder with --data", refused.Message);
        DataFolder.Open(_parent, Plenty).Dispose();
    }

    private static long Plenty(string folder) => long.MaxValue;
}
