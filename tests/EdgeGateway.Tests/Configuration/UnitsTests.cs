using CsCheck;
using EdgeGateway.Configuration;
using Xunit;

namespace EdgeGateway.Tests.Configuration;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("5s", 5)]
    [InlineData("1.5s", 1.5)]
    [InlineData("10m", 600)]
    [InlineData("12h", 43_200)]
    [InlineData("30d", 2_592_000)]
    [InlineData("0", 0)]
    public void ParseDuration_Written_IsSeconds(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Units.ParseDuration(text));

    [Theory]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("1e3s")]
    [InlineData("99999999999999d")]
    [InlineData("")]
    public void ParseDuration_Else_IsNull(string text) => Assert.Null(Units.ParseDuration(text));

    [Theory]
    [InlineData("512", 512L)]
    [InlineData("512B", 512L)]
    [InlineData("64KB", 65_536L)]
    [InlineData("64kb", 65_536L)]
    [InlineData("2GB", 2_147_483_648L)]
    [InlineData("0.5MB", 524_288L)]
    public void ParseSize_Written_IsBytes(string text, long bytes) => Assert.Equal(bytes, Units.ParseSize(text));

    [Theory]
    [InlineData("200kbit", 200_000L)]
    [InlineData("2Mbit", 2_000_000L)]
    [InlineData("300bit", 300L)]
    public void ParseRate_Written_IsBitsPerSecond(string text, long rate) => Assert.Equal(rate, Units.ParseRate(text));

    [Theory]
    [InlineData("200")]
    [InlineData("kbit")]
    [InlineData("99999999999Gbit")]
    public void ParseRate_Else_IsNull(string text) => Assert.Null(Units.ParseRate(text));

    [Fact]
    public void FormatDuration_AnyMilliseconds_IsReadBack() =>
        Gen.Long[0, 100L * 24 * 3600 * 1000].Sample(static milliseconds =>
            Units.ParseDuration(Units.FormatDuration(TimeSpan.FromMilliseconds(milliseconds))) == TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void FormatSize_AnySize_IsReadBack() =>
        Gen.OneOf(Gen.Long[0, 1L << 40], Gen.Long[0, 1L << 10].Select(static kilobytes => kilobytes << 20)).Sample(static bytes => Units.ParseSize(Units.FormatSize(bytes)) == bytes);
}
