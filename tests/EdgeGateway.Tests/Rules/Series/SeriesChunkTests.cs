using CsCheck;
using EdgeGateway.Rules.Series;
using Xunit;

namespace EdgeGateway.Tests.Rules.Series;

public sealed class SeriesChunkTests
{
    [Fact]
    public void Read_WhatWasWritten_GivesItBack() => Gen.Select(Gen.Long[0, 2_000_000_000_000], Gen.Double).List[1, 200].Sample(list =>
    {
        var points = list.OrderBy(static each => each.Item1).Select(static each => new SeriesPoint(each.Item1, each.Item2)).ToList();
        Assert.Equal(points.Select(Bits), SeriesChunk.Read(SeriesChunk.Write(SeriesKind.Number, points)).Select(Bits));
    }, iter: 2000);

    [Fact]
    public void Read_Decimals_GivesThemBackExactly() => Gen.Select(Gen.Long[0, 2_000_000_000], Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 4]).List[1, 200].Sample(list =>
    {
        var points = list.OrderBy(static each => each.Item1).Select(static each => new SeriesPoint(each.Item1 * 1_000_000, each.Item2 / Math.Pow(10, each.Item3))).ToList();
        Assert.Equal(points, SeriesChunk.Read(SeriesChunk.Write(SeriesKind.Number, points)));
    }, iter: 2000);

    [Fact]
    public void Read_Texts_GivesThemBack() => Gen.String.List[1, 50].Sample(list =>
    {
        // A lone surrogate is no text: it comes from JSON, where there is none.
        var points = list.Select(static (text, i) => new SeriesPoint(i, double.NaN, new string([.. text.Where(static c => !char.IsSurrogate(c))]))).ToList();
        Assert.Equal(points.Select(static point => point.Text), SeriesChunk.Read(SeriesChunk.Write(SeriesKind.Varchar, points)).Select(static point => point.Text));
    }, iter: 500);

    [Theory]
    [InlineData(0, 2, 3.0)] // a poll to the millisecond
    [InlineData(20, 2, 3.0)] // one that comes up to 20 ms late
    public void Write_ASlowSensor_TakesAtMostThreeBytesAReading(int jitter, int decimals, double most)
    {
        var random = new Random(7);
        var (value, points) = (21.4, new List<SeriesPoint>());
        for (var i = 0; i < 512; i++)
        {
            value += random.Next(-3, 4) * 0.01;
            points.Add(new(1_767_225_600_000_000_000 + (((i * 5000L) + random.Next(0, jitter + 1)) * 1_000_000), Math.Round(value, decimals)));
        }
        Assert.InRange(SeriesChunk.Write(SeriesKind.Number, points).Length / 512.0, 0.1, most);
    }

    [Fact]
    public void Read_CutOrForeign_IsRefused()
    {
        var chunk = SeriesChunk.Write(SeriesKind.Number, [new(1, 2), new(3, 4.5)]);
        for (var length = 0; length < chunk.Length - 1; length++)
            Assert.Throws<InvalidDataException>(() => SeriesChunk.Read(chunk.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => SeriesChunk.Read([0xF0, 1, 2, 3]));
    }

    private static (long, long) Bits(SeriesPoint point) => (point.Time, BitConverter.DoubleToInt64Bits(point.Number));
}
