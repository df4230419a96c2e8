using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Shadows;
using EdgeGateway.Storage;
using EdgeGateway.Tests.Registry;
using EdgeGateway.Tests.Shadows;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeGateway.Tests.Search;

/// <summary>A registry, the shadows and the fleet index over them, as they stand in the gateway.</summary>
internal sealed class SearchHouse : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("search-");
    private Database _database = null!;
    private IndexService _service = null!;

    public RegistryFixture Registry { get; } = new();
    public ShadowFixture Shadows { get; private set; } = null!;
    public IndexChanges Changes { get; private set; } = null!;
    public FleetIndex Index { get; private set; } = null!;
    public IndexSources Sources { get; private set; } = null!;
    public FleetSearch Search { get; private set; } = null!;
    public DynamicGroups Dynamic { get; private set; } = null!;
    public SearchStore Store { get; private set; } = null!;

    public static async Task<SearchHouse> StartAsync(SearchOptions? options = null)
    {
        var house = new SearchHouse { Shadows = await ShadowFixture.StartAsync() };
        await house.OpenAsync(options ?? new());
        return house;
    }

    /// <summary>As after a restart of the index alone.</summary>
    public async Task RestartAsync(SearchOptions? options = null)
    {
        await CloseAsync();
        await OpenAsync(options ?? new());
    }

    public async Task UpdateShadowAsync(ShadowId shadow, string update) => Assert.IsType<ShadowAnswer.Accepted>(await Shadows.Service.UpdateAsync(shadow, Encoding.UTF8.GetBytes(update), MessageOrigin.Api, default));

    public void Presence(string client, bool connected, string session, long at = 1, string reason = "CONNECTION_LOST") => Shadows.Bus.Deliver(new(
        $"$aws/events/presence/{(connected ? "connected" : "disconnected")}/{client}",
        Encoding.UTF8.GetBytes($$"""{"clientId":"{{client}}","timestamp":{{at}},"eventType":"{{(connected ? "connected" : "disconnected")}}","sessionIdentifier":"{{session}}","disconnectReason":"{{reason}}"}"""))
    {
        Origin = new("lifecycle"),
    });

    public async Task<List<string>> FindAsync(string query) => [.. (await Search.ThingsAsync(query, "", 10_000, default)).Items.Select(static found => found.Thing.Name)];

    /// <summary>Names of the things in a group once it has those that its query finds.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(string group)
    {
        await SettleAsync();
        return Registry.Groups.MembersOf(group, recursive: false);
    }

    /// <summary>Waits until the index and the dynamic groups have taken in all that was written, and what they wrote themselves.</summary>
    public async Task SettleAsync()
    {
        for (var written = -1; written != Registry.Changes.Count;)
        {
            written = Registry.Changes.Count;
            await Changes.CaughtUpAsync(default);
            Changes.Look(); // worked off after the groups of what was before it
            await Changes.CaughtUpAsync(default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Shadows.DisposeAsync();
        Registry.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync(SearchOptions options)
    {
        _database = Database.Open(Path.Combine(_folder.FullName, "search.db"), [SearchStore.Migrations]);
        Store = new(_database);
        Sources = new(Registry.Catalog, Registry.Groups, Shadows.Service);
        Changes = new();
        Index = new(Sources);
        Search = new(options, Store, Index, Sources, Changes);
        Dynamic = new(Search, Index, Sources, NullLogger<DynamicGroups>.Instance);
        _service = new(Changes, Index, Search, Dynamic, Store, Registry.Feed, Shadows.Service, Shadows.Bus, Registry.Time, NullLogger<IndexService>.Instance);
        await _service.StartAsync(default);
        await Changes.CaughtUpAsync(default);
    }

    private async Task CloseAsync()
    {
        await _service.StopAsync(default);
        _service.Dispose();
        _database.Dispose();
    }
}
