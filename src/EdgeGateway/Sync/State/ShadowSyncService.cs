using System.Threading.Channels;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Shadows;
using EdgeGateway.Storage;

namespace EdgeGateway.Sync.State;

/// <summary>Runs the synchronisation of shadows with each upstream that asks for it, and tells each value given up on <c>$edge/upstream/NAME/conflict</c>.</summary>
internal sealed class ShadowSyncService : BackgroundService, IShadowSync
{
    private readonly Database _database;
    private readonly IShadows _shadows;
    private readonly IMessageBus _bus;
    private readonly ShadowSync[] _syncs;
    private readonly Channel<JournalEntry> _conflicts = Channel.CreateBounded<JournalEntry>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }); // the journal keeps them all

    public ShadowSyncService(
        SyncOptions options, GatewayOptions gateway, Database database, IShadows shadows, IShadowFeed feed, IThingCatalog things, IRegistryFeed registry, IMessageBus bus, TimeProvider time, ILogger<ShadowSync> logger)
    {
        (_database, _shadows, _bus) = (database, shadows, bus);
        _syncs = [.. options.Upstreams.Where(static upstream => upstream.Shadows.Count > 0).Select(upstream =>
        {
            var store = new SyncStore(database, upstream.Name);
            store.Appended += entry => _conflicts.Writer.TryWrite(entry);
            return new ShadowSync(
                upstream, gateway.Name, shadows, feed, things, registry, store, () => new MqttShadowLink(upstream, gateway.Name, file => Path.Combine(gateway.ConfigurationFolder, file), time), time, logger);
        })];
    }

    public IReadOnlyList<ShadowSyncStatus> Shadows =>
        [.. _syncs.SelectMany(static sync => sync.Records.Select(record => new ShadowSyncStatus(
            sync.Name, record.Shadow, record.State.ToString().ToLowerInvariant(), record.Reason, DateTimeOffset.FromUnixTimeMilliseconds(record.Since), record.LocalVersion, record.CloudVersion)))];

    public IReadOnlyList<ShadowSyncSummary> Upstreams => [.. _syncs.Select(static sync =>
    {
        var records = sync.Records;
        int Of(SyncState state) => records.Count(record => record.State == state);
        return new ShadowSyncSummary(sync.Name, sync.Fault, sync.Waiting, Of(SyncState.InSync), Of(SyncState.Pending), Of(SyncState.Conflict), Of(SyncState.Parked));
    })];

    public IReadOnlyList<JournalEntry> Journal(string? upstream, ShadowId? shadow, int atMost) => SyncStore.Journal(_database, upstream, shadow, atMost);

    public async Task<ShadowAnswer?> RestoreAsync(long entry, CancellationToken cancellationToken) =>
        SyncStore.FindEntry(_database, entry) is { } found ? await _shadows.UpdateAsync(found.Shadow, JournalRestore.Request(found), MessageOrigin.Api, cancellationToken) : null;

    public void ReconcileNow()
    {
        foreach (var sync in _syncs)
            sync.ReconcileAll();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await Task.WhenAll([.. _syncs.Select(sync => sync.RunAsync(stoppingToken)), TellAsync(stoppingToken)]);

    private async Task TellAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var entry in _conflicts.Reader.ReadAllAsync(stoppingToken))
                await _bus.PublishAsync(new($"$edge/upstream/{entry.Upstream}/conflict", JournalRestore.Event(entry)), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // the gateway stops
        }
    }
}
