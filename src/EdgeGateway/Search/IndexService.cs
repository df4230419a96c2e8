using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>Keeps the index current: takes note of what changes in the registry, in the shadows and of connections, and works it off.</summary>
internal sealed partial class IndexService(
    IndexChanges changes, FleetIndex index, FleetSearch search, DynamicGroups dynamicGroups, SearchStore store,
    IRegistryFeed registry, IShadowFeed shadows, IMessageBus bus, TimeProvider time, ILogger<IndexService> logger) : BackgroundService, IMessageSink
{
    private static readonly TimeSpan SaveAfter = TimeSpan.FromSeconds(10), RetryAfter = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> _unsaved = new(StringComparer.Ordinal);
    private IDisposable? _presence;
    private ITimer? _look;
    private long _saveAt = long.MaxValue;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        registry.Committed += OnRegistryChange;
        shadows.Changed += OnShadowChange;
        _presence = bus.Subscribe("$aws/events/presence/#", this);
        _look = time.CreateTimer(_ => changes.Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Restore();
        changes.Everything();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        registry.Committed -= OnRegistryChange;
        shadows.Changed -= OnShadowChange;
        await base.StopAsync(cancellationToken);
        _presence?.Dispose();
        if (_look is not null)
            await _look.DisposeAsync();
        await SaveAsync();
    }

    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (message.Origin.Source != MessageOrigin.Client.Source && PresenceEvent.Read(message.Payload) is { } presence)
            changes.Presence(presence);
        return DurabilityTicket.None;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            var batch = await changes.TakeAsync(stoppingToken);
            try
            {
                await WorkOffAsync(batch, stoppingToken);
            }
#pragma warning disable CA1031 // Whatever is wrong with one change, the index goes on with the next.
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(ex, RetryAfter.TotalSeconds);
                changes.Applied(batch);
                await Task.Delay(RetryAfter, time, stoppingToken);
                changes.Everything();
            }
        }
    }

    private async Task WorkOffAsync(IndexChanges.Batch batch, CancellationToken cancellationToken)
    {
        var settings = search.Settings;
        IReadOnlyCollection<string> changed = index.Apply(batch, settings);
        if (batch.IsEverything)
        {
            index.Build(settings);
            search.Built(settings);
        }
        _unsaved.UnionWith(batch.Presences.Select(static presence => presence.ClientId));
        _unsaved.UnionWith(batch.Things.Where(thing => index.Things.Find(thing) is null)); // its connectivity went with it
        changes.Applied(batch);
        await dynamicGroups.ApplyAsync(changed, batch.IsEverything, cancellationToken);
        await SaveLaterAsync();
    }

    // The card is written to in one go for all that came and went within ten seconds.
    private async Task SaveLaterAsync()
    {
        if (_unsaved.Count == 0)
            return;
        var now = time.GetTimestamp();
        if (_saveAt == long.MaxValue)
        {
            _saveAt = now + (long)(SaveAfter.TotalSeconds * time.TimestampFrequency);
            _look!.Change(SaveAfter, Timeout.InfiniteTimeSpan);
        }
        else if (now >= _saveAt)
            await SaveAsync();
    }

    private async Task SaveAsync()
    {
        if (_unsaved.Count == 0)
            return;
        var states = _unsaved.Select(thing => (thing, index.ConnectivityOf(thing))).ToList();
        _unsaved.Clear();
        _saveAt = long.MaxValue;
        await store.SaveAsync(states);
    }

    // Nobody is connected to a gateway that starts.
    private void Restore()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (thing, state) in store.Connectivities())
        {
            if (!index.IsThing(thing))
            {
                _unsaved.Add(thing);
                continue;
            }
            index.Restore(thing, state.Connected ? new(false, now, "CONNECTION_LOST") : state);
            if (state.Connected)
                _unsaved.Add(thing);
        }
    }

    private void OnShadowChange(ShadowChange change) => changes.Shadow(change.Shadow);

    private void OnRegistryChange(RegistryChange change)
    {
        switch (change.Kind)
        {
            case RegistryChangeKind.ThingCreated or RegistryChangeKind.ThingUpdated or RegistryChangeKind.ThingDeleted
                or RegistryChangeKind.MembershipAdded or RegistryChangeKind.MembershipRemoved:
                changes.Thing(change.Name);
                break;
            case RegistryChangeKind.ThingGroupCreated or RegistryChangeKind.ThingGroupUpdated or RegistryChangeKind.ThingGroupDeleted:
                changes.Group(change.Name);
                break;
        }
    }

    [LoggerMessage(10001, LogLevel.Error, "The fleet index could not take a change in; it is built anew in {Seconds} s")]
    private partial void LogFailed(Exception exception, double seconds);
}
