using EdgeGateway.Pages.Components;
using Xunit;

namespace Console.Tests.Components;

public sealed class FormatsTests
{
    [Theory]
    [InlineData(21.4, true, "21.40")]
    [InlineData(101.27, true, "101.3")]
    [InlineData(1013.25, true, "1013")]
    [InlineData(-0.004, true, "0.00")]
    [InlineData(14, false, "14")]
    [InlineData(14.5, false, "14.50")]
    [InlineData(98765.4, true, "98\u202f765")]
    public void Reading_BySize_HasTheDecimalsThatMatter(double value, bool hasUnit, string expected) => Assert.Equal(expected, Formats.Reading(value, hasUnit));

    [Theory]
    [InlineData(-3, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(61, "1 min")]
    [InlineData(3600, "1 h")]
    [InlineData(9000, "2 h 30 min")]
    [InlineData(86400 * 26, "26 d")]
    [InlineData(double.MaxValue, "11574 d 1 h")]
    public void Duration_Seconds_ReadsInTheTwoLargestUnits(double seconds, string expected) => Assert.Equal(expected, Formats.Duration(seconds));

    [Theory]
    [InlineData("temperature", "Temperature")]
    [InlineData("supplyVoltage", "Supply voltage")]
    [InlineData("soil_moisture", "Soil moisture")]
    [InlineData("pm25", "Pm25")]
    public void Name_OfAQuantity_ReadsAsWords(string quantity, string expected) => Assert.Equal(expected, Formats.Name(quantity));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(243_800, "243.8 kB")]
    [InlineData(2_000_000_000, "2.0 GB")]
    public void Bytes_BySize_ScalesByThousands(long bytes, string expected) => Assert.Equal(expected, Formats.Bytes(bytes));

    [Theory]
    [InlineData("SELECT * FROM 'sensors/+/telemetry' WHERE x > 1", "sensors/+/telemetry")]
    [InlineData("select fromage\nfrom \"a/b\"", "a/b")]
    [InlineData("SELECT 1", null)]
    [InlineData("SELECT * FROM '", null)]
    public void FilterOf_Statement_IsWhatStandsAfterFrom(string sql, string? expected) => Assert.Equal(expected, StatementTopic.FilterOf(sql));

    [Fact]
    public void Payload_NotText_IsShownAsHexadecimal()
    {
        Assert.Equal("0xff00", JsonText.Payload(new byte[] { 0xFF, 0 }, indented: true));
        Assert.Equal("(empty)", JsonText.Payload(ReadOnlyMemory<byte>.Empty, indented: true));
        Assert.Equal("hello", JsonText.Payload("hello"u8.ToArray(), indented: true));
        Assert.Equal("{\n  \"unit\": \"°C\"\n}", JsonText.Payload("""{"unit":"°C"}"""u8.ToArray(), indented: true));
    }
}
