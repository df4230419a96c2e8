using EdgeGateway.Configuration;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Series;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Rules.Series;

public sealed class SeriesStoreTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private static readonly SeriesName Name = new("d", "t", "m", "{}");
    private readonly string _folder = Directory.CreateTempSubdirectory("series-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Write_KilledAtAnyMoment_GivesEachReadingOnce()
    {
        var database = Open();
        var store = Store(database);
        await WriteAsync(store, 0, 600);
        await store.PackAsync(static head => head.Points.Count > 0);
        await WriteAsync(store, 600, 50);
        // No orderly stop: what is not packed is in the log alone.
        store.Dispose();
        database.Dispose();
        database = Open();
        store = Store(database);
        Assert.Equal(Enumerable.Range(0, 650).Select(static i => (double)i), store.Range(Name, 0, long.MaxValue, 10_000).Select(static point => point.Number));
        Assert.Equal(649, store.Last(Name)!.Value.Number);
        await store.StopAsync(default);
        Assert.Equal(650, store.Bins(Name, 0, long.MaxValue, 3600 * Second).Sum(static bin => bin.Count));
        var info = Assert.Single(store.All());
        Assert.Equal((650, 650), (info.Points, info.StoredPoints));
        store.Dispose();
        database.Dispose();
    }

    [Fact]
    public async Task Write_LateAndTwice_IsInOrder_TheLaterCounts()
    {
        using var database = Open();
        using var store = Store(database);
        foreach (var (at, value) in ((long, double)[])[(10, 1), (30, 3), (20, 2), (30, 4)])
            Assert.Null(await store.WriteAsync([(Name, SeriesKind.Number, new(at * Second, value))]));
        Assert.Equal([1.0, 2, 4], store.Range(Name, 0, long.MaxValue, 10).Select(static point => point.Number));
        await store.StopAsync(default);
        Assert.Null(await store.WriteAsync([(Name, SeriesKind.Number, new(20 * Second, 5))]));
        Assert.Equal([1.0, 5, 4], store.Range(Name, 0, long.MaxValue, 10).Select(static point => point.Number));
        Assert.Equal([4.0, 5], store.Range(Name, 15 * Second, long.MaxValue, 2, descending: true).Select(static point => point.Number));
    }

    [Fact]
    public async Task Bins_SingleReadingsGone_HoursRemain()
    {
        using var database = Open();
        using var store = Store(database, new SeriesOptions { Retention = TimeSpan.FromDays(10), HoursRetention = TimeSpan.FromDays(400) });
        var start = new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        for (var i = 0; i < 120; i++)
            Assert.Null(await store.WriteAsync([(Name, SeriesKind.Number, new((start + (i * 60)) * Second, i))]));
        await store.StopAsync(default);
        await store.TendAsync();
        Assert.Empty(store.Range(Name, 0, long.MaxValue, 1000));
        var hours = store.Bins(Name, 0, long.MaxValue, 3600 * Second);
        Assert.Equal([(60L, 0.0, 59.0, 29.5), (60, 60, 119, 89.5)], hours.Select(static bin => (bin.Count, bin.Min, bin.Max, bin.Average)));
    }

    [Fact]
    public async Task Bins_OfASpan_TakeReadingsTogether()
    {
        using var database = Open();
        using var store = Store(database);
        var start = _time.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < 30; i++)
            Assert.Null(await store.WriteAsync([(Name, SeriesKind.Number, new((start + i) * Second, i))]));
        Assert.Equal([(10L, 45.0, 0.0, 9.0), (10, 145, 10, 19), (10, 245, 20, 29)], store.Bins(Name, 0, long.MaxValue, 10 * Second).Select(static bin => (bin.Count, bin.Sum, bin.First, bin.Last)));
    }

    [Fact]
    public async Task Write_TooManySeries_IsRefused()
    {
        using var database = Open();
        using var store = Store(database, new SeriesOptions { MaxSeries = 1 });
        Assert.Null(await store.WriteAsync([(Name, SeriesKind.Number, new(1, 1))]));
        Assert.Equal("TooManySeries", (await store.WriteAsync([(Name with { Measure = "n" }, SeriesKind.Number, new(1, 1))]))!.Code);
        Assert.True(await store.DeleteAsync(Name));
        Assert.Empty(store.All());
    }

    private static async Task WriteAsync(SeriesStore store, int from, int count)
    {
        for (var i = from; i < from + count; i++)
            Assert.Null(await store.WriteAsync([(Name, SeriesKind.Number, new((1_767_225_600 + i) * Second, i))]));
    }

    private Database Open() => Database.Open(Path.Combine(_folder, "test.db"), [RuleStore.Migrations]);

    private SeriesStore Store(Database database, SeriesOptions? options = null) =>
        new(database, new GatewayOptions { Name = "pi", Account = "0", Region = "edge", DataFolder = _folder }, options ?? new(), _time, NullLogger<SeriesStore>.Instance);
}
