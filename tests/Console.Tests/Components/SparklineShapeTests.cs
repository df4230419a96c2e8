using CsCheck;
using EdgeGateway.Pages.Components;
using EdgeGateway.Pages.Live;
using Xunit;

namespace Console.Tests.Components;

public sealed class SparklineShapeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_OneSample_DrawsNothing() => Assert.Null(SparklineShape.Of([new Sample(Noon, 1)]));

    [Fact]
    public void Of_Rise_GoesFromLowerLeftToUpperRight() =>
        Assert.Equal("M3 33L60 18L117 3", SparklineShape.Of([new(Noon, 10), new(Noon.AddSeconds(1), 20), new(Noon.AddSeconds(2), 30)])!.Line);

    [Fact]
    public void Of_StillValue_IsAFlatLineInTheMiddle() =>
        Assert.Equal("M3 18L117 18", SparklineShape.Of([new(Noon, 21), new(Noon.AddSeconds(1), 21)])!.Line);

    [Fact]
    public void Of_SmallNoise_DoesNotFillTheHeight()
    {
        var shape = SparklineShape.Of([new(Noon, 1000), new(Noon.AddSeconds(1), 1000.5)])!;
        Assert.InRange(shape.EndY, 15, 18);
    }

    [Fact]
    public void Of_AnyValues_StaysInsideItsBox() =>
        Gen.Double[-1e9, 1e9].Array[2, 50].Sample(values =>
        {
            var shape = SparklineShape.Of([.. values.Select((value, i) => new Sample(Noon.AddSeconds(i), value))])!;
            foreach (var point in shape.Line[1..].Split('L'))
            {
                var parts = point.Split(' ').Select(part => double.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
                Assert.InRange(parts[0], 0, SparklineShape.Width);
                Assert.InRange(parts[1], 0, SparklineShape.Height);
            }
        });
}
