using EdgeGateway.Api;
using Xunit;

namespace EdgeGateway.Tests.Api;

public sealed class ControlSocketPathTests
{
    [Fact]
    public void For_ShortFolder_IsInTheFolder()
    {
        Assert.Equal("/tmp/data/control.sock", ControlSocketPath.For("/tmp/data", out var tooLong));
        Assert.Null(tooLong);
    }

    [Theory]
    [InlineData(107 - 13, true)]  // "/control.sock" takes 13
    [InlineData(107 - 12, false)]
    public void For_AtTheLimit_FitsOrFallsBack(int folderLength, bool fits)
    {
        var folder = "/" + new string('d', folderLength - 1);

        var path = ControlSocketPath.For(folder, out var tooLong);

        Assert.Equal(fits, tooLong is null);
        Assert.Equal(fits, path == $"{folder}/control.sock");
    }

    [Fact]
    public void For_LongFolders_FallBackToPathsOfTheirOwnThatFit()
    {
        var one = ControlSocketPath.For("/" + new string('a', 200), out var tooLong);
        var other = ControlSocketPath.For("/" + new string('b', 200), out _);

        Assert.NotNull(tooLong);
        Assert.NotEqual(one, other);
        Assert.True(one.Length <= 107);
        Assert.Equal(one, ControlSocketPath.For("/" + new string('a', 200), out _));
    }
}
