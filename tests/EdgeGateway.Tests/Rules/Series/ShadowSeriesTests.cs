using EdgeGateway.Configuration;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Series;
using EdgeGateway.Shadows;
using EdgeGateway.Storage;
using EdgeGateway.Tests.Shadows;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeGateway.Tests.Rules.Series;

/// <summary>Values of shadows as series: what an update wrote is a reading, also one that was accepted while nobody looked.</summary>
public sealed class ShadowSeriesTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("shadow-series-").FullName;
    private ShadowFixture _shadows = null!;
    private Database _database = null!;
    private SeriesStore _store = null!;
    private ShadowSeries _series = null!;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_shadows is { } shadows)
            await shadows.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Update_GivesAReadingOfWhatItWrote()
    {
        await StartAsync(["things=lamp*", "members.0=reported.*"]);
        await _shadows.AcceptAsync(ShadowId.Classic("lamp"), """{"state":{"reported":{"t":20.5,"on":true,"mode":"eco","deep":{"er":1},"list":[1]},"desired":{"t":1}}}""");
        _shadows.Time.Advance(TimeSpan.FromMilliseconds(1500));
        await _shadows.AcceptAsync(ShadowId.Classic("lamp"), """{"state":{"reported":{"t":20.5}}}""");
        _shadows.Time.Advance(TimeSpan.FromMilliseconds(100));
        await _shadows.AcceptAsync(ShadowId.Classic("lamp"), """{"state":{"reported":{"t":21}}}""");
        await _shadows.AcceptAsync(ShadowId.Classic("pump"), """{"state":{"reported":{"t":1}}}""");

        Assert.Equal([(0, 20.5), (1500, 20.5), (1600, 21)], await PointsAsync("lamp", "reported.t", 3));
        Assert.Equal([(0, 1.0)], await PointsAsync("lamp", "reported.on", 1));
        Assert.Equal([(0, 1.0)], await PointsAsync("lamp", "reported.deep.er", 1));
        Assert.Equal("eco", Assert.Single(_store.Range(new("shadows", "lamp", "reported.mode", "{}"), 0, long.MaxValue, 10)).Text);
        Assert.Equal(4, _store.All("shadows").Count);
    }

    [Fact]
    public async Task NamedShadow_HasItsNameAsDimension()
    {
        await StartAsync(["things=*", "names=night", "members.0=reported.lux"]);
        await _shadows.AcceptAsync(new("lamp", "night"), """{"state":{"reported":{"lux":3,"other":4}}}""");
        await _shadows.AcceptAsync(ShadowId.Classic("lamp"), """{"state":{"reported":{"lux":5}}}""");

        Assert.Equal([(0, 3.0)], await PointsAsync("lamp", "reported.lux", 1, """{"shadow":"night"}"""));
        Assert.Single(_store.All("shadows"));
    }

    [Fact]
    public async Task Start_CatchesUpWithWhatWasAcceptedMeanwhile()
    {
        await StartAsync(["things=*"]);
        await _shadows.AcceptAsync(ShadowId.Classic("lamp"), """{"state":{"reported":{"t":1,"still":7}}}""");
        Assert.Equal([(0, 1.0)], await PointsAsync("lamp", "reported.t", 1));
        await StopAsync();
        _shadows.Time.Advance(TimeSpan.FromSeconds(10));
        await _shadows.AcceptAsync(ShadowId.Classic("lamp"), """{"state":{"reported":{"t":2}}}""");
        await OpenAsync(["things=*"]);

        Assert.Equal([(0, 1.0), (10_000, 2.0)], await PointsAsync("lamp", "reported.t", 2));
        Assert.Equal([(0, 7.0)], await PointsAsync("lamp", "reported.still", 1));
    }

    [Fact]
    public void Read_MemberOfNoSection_IsAFault()
    {
        var tree = Tree(["things=*", "members.0=temperature"]);
        SeriesOptions.Read(tree.Root.Section("series"));
        Assert.Contains(tree.Faults(), static fault => fault.ToString().Contains("begins with reported. or desired.", StringComparison.Ordinal));
    }

    private static ConfigurationTree Tree(string[] route) => ConfigurationTree.Load(null, new Dictionary<string, string>(), [.. route.Select(static setting => $"series.shadows.0.{setting}")], null);

    private async Task<List<(long, double)>> PointsAsync(string thing, string measure, int count, string dimensions = "{}")
    {
        var name = new SeriesName("shadows", thing, measure, dimensions);
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5)); // the store tells nobody what it took in
        while (_store.Range(name, 0, long.MaxValue, 100).Count < count)
            await look.WaitForNextTickAsync(limit.Token);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return [.. _store.Range(name, 0, long.MaxValue, 100).Select(point => ((point.Time / 1_000_000) - start, point.Number))];
    }

    private async Task StartAsync(string[] route)
    {
        _shadows = await ShadowFixture.StartAsync();
        await OpenAsync(route);
    }

    private async Task OpenAsync(string[] route)
    {
        var options = SeriesOptions.Read(Tree(route).Root.Section("series"));
        _database = Database.Open(Path.Combine(_folder, "rules.db"), [RuleStore.Migrations]);
        _store = new(_database, new GatewayOptions { Name = "pi", Account = "000000000000", Region = "edge", DataFolder = _folder }, options, _shadows.Time, NullLogger<SeriesStore>.Instance);
        await _store.StartAsync(default);
        _series = new(options, _store, _shadows.Service, _database, _shadows.Time, NullLogger<ShadowSeries>.Instance);
        await _series.StartAsync(default);
    }

    private async Task StopAsync()
    {
        if (_series is null)
            return;
        await _series.StopAsync(default);
        _series.Dispose();
        await _store.StopAsync(default);
        _store.Dispose();
        _database.Dispose();
        _series = null!;
    }
}
