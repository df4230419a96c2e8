using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync.Things;

/// <summary>
/// Keeps the registries of this gateway and one upstream alike. What changes here is looked at a moment later, entry by entry; everything is
/// compared after the start, every interval, and when asked for. Each entry is read on both sides, decided (<see cref="RegistryMerge"/>), written, and only
/// then noted as common: a step that is repeated after a crash finds both sides as it left them.
/// </summary>
/// <param name="isChosen">Whether a thing of this name is here and the route chooses it.</param>
/// <param name="connect">Opens the upstream's side for a round.</param>
internal sealed partial class RegistrySync(
    string name, RegistryRoute route, IRegistrySide local, Func<string, bool> isChosen, Func<IRegistrySide> connect, RegistrySyncStore store, IRegistryFeed feed, TimeProvider time, ILogger logger)
{
    private const int Repeats = 3;
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<RegistryKey, bool> _changed = new();
    private readonly ConcurrentDictionary<RegistryKey, bool> _writing = new(); // here, by us
    private readonly ConcurrentDictionary<RegistryKey, bool> _refused = new(); // by either side, since the last comparison of everything
    private readonly Signal _signal = new();
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1));
    private readonly SemaphoreSlim _round = new(1, 1); // one round at a time, also one that settles an entry
    private volatile bool _all = true;
    private volatile string? _fault = "not compared yet";

    public string Name => name;

    /// <summary>Why the upstream's registry is not reached; null: it is.</summary>
    public string? Fault => _fault;

    /// <summary>Entries changed here that are still to be looked at.</summary>
    public int Waiting => _changed.Count;

    public RegistrySyncStore Store => store;

    /// <summary>Raised for each value given up, once that is on disk. Handlers only take note.</summary>
    public event Action<RegistryJournalEntry>? GivenUp;

    public void CompareAll()
    {
        _all = true;
        _signal.Set();
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        feed.Committed += OnLocalChange;
        try
        {
            using var timer = time.CreateTimer(_ => CompareAll(), null, route.Interval, route.Interval);
            while (true)
            {
                var pause = await TryRoundAsync(stopping) ? Debounce : _backoff.Next(UpstreamState.Disconnected);
                await Task.Delay(pause, time, stopping);
                if (!_all && _changed.IsEmpty)
                    await _signal.WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // the gateway stops
        }
        finally
        {
            feed.Committed -= OnLocalChange;
        }
    }

    /// <summary>Lets one side have its way about an entry that is in conflict or deleted on one side.</summary>
    /// <param name="keepsLocal">What is here stands, also that it is gone; else what is there.</param>
    /// <returns>How it stands then; null: neither side has it.</returns>
    public async Task<RegistrySyncRecord?> SettleAsync(RegistryKey key, bool keepsLocal, CancellationToken cancellationToken)
    {
        await _round.WaitAsync(cancellationToken);
        try
        {
            using var upstream = connect();
            var (here, there) = (await local.ReadAsync(key, cancellationToken), await upstream.ReadAsync(key, cancellationToken));
            if (here is null && there is null)
                return null;
            var (winner, loser, losing) = keepsLocal ? (here, there, upstream) : (there, here, local);
            if (winner is null)
                await losing.DeleteAsync(key, loser!, cancellationToken);
            else
                await losing.WriteAsync(key, loser, winner.Leaves, cancellationToken);
            await ReconcileAsync(upstream, key, cancellationToken);
            return store.Find(key) ?? new(key, null, SyncState.InSync, null, time.GetUtcNow().ToUnixTimeMilliseconds()); // gone on both sides
        }
        finally
        {
            _round.Release();
        }
    }

    /// <returns>False: the upstream was not reached, or not let us in; it is tried again.</returns>
    internal async Task<bool> TryRoundAsync(CancellationToken cancellationToken)
    {
        await _round.WaitAsync(cancellationToken);
        var all = _all;
        try
        {
            _all = false;
            using var upstream = connect();
            if (all)
                await CompareEverythingAsync(upstream, cancellationToken);
            else
                foreach (var key in _changed.Keys.Order(Comparer<RegistryKey>.Create(static (one, other) => one.Kind.CompareTo(other.Kind))))
                {
                    _changed.TryRemove(key, out _); // before it is read: what changes from here on is another change
                    await ReconcileAsync(upstream, key, cancellationToken);
                }
            if (_fault is not null)
                LogReached(name);
            _fault = null;
            _backoff.Reset();
            return true;
        }
        catch (Exception ex) when (ex is UpstreamLostException or RegistryRefusedException)
        {
            _all = true; // what was under way, too
            if (_fault != ex.Message)
                LogNotReached(name, ex.Message);
            _fault = ex.Message;
            return false;
        }
        finally
        {
            _round.Release();
        }
    }

    private async Task CompareEverythingAsync(IRegistrySide upstream, CancellationToken cancellationToken)
    {
        _changed.Clear();
        _refused.Clear();
        var (here, there) = (await local.ReadAllAsync(cancellationToken), await upstream.ReadAllAsync(cancellationToken));
        var known = store.All().ToDictionary(static record => record.Key);
        foreach (var key in Ordered([.. here.Keys.Union(there.Keys).Union(known.Keys)], here, there))
        {
            var (mine, theirs) = (here.GetValueOrDefault(key), there.GetValueOrDefault(key));
            // Chosen by one side alone (a group's member there, not here): the other may have it all the same.
            if (mine is null != theirs is null)
                (mine, theirs) = (mine ?? await local.ReadAsync(key, cancellationToken), theirs ?? await upstream.ReadAsync(key, cancellationToken));
            await ReconcileAsync(upstream, key, known.GetValueOrDefault(key), mine, theirs, cancellationToken);
        }
    }

    // Types, then groups with their parents first, then things.
    private static IEnumerable<RegistryKey> Ordered(List<RegistryKey> keys, IReadOnlyDictionary<RegistryKey, RegistryItem> here, IReadOnlyDictionary<RegistryKey, RegistryItem> there)
    {
        int Depth(RegistryKey key)
        {
            var depth = 0;
            for (var at = key; depth < 16 && (here.GetValueOrDefault(at) ?? there.GetValueOrDefault(at))?.Get(RegistryItem.Parent) is { } parent; depth++)
                at = new(RegistryKind.Group, parent);
            return depth;
        }
        return keys.OrderBy(static key => key.Kind).ThenBy(Depth).ThenBy(static key => key.Name, StringComparer.Ordinal);
    }

    private async Task ReconcileAsync(IRegistrySide upstream, RegistryKey key, CancellationToken cancellationToken) =>
        await ReconcileAsync(upstream, key, store.Find(key), await local.ReadAsync(key, cancellationToken), await upstream.ReadAsync(key, cancellationToken), cancellationToken);

    private async Task ReconcileAsync(IRegistrySide upstream, RegistryKey key, RegistrySyncRecord? record, RegistryItem? mine, RegistryItem? theirs, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var decision = RegistryMerge.Decide(route, key, record?.Base, mine, theirs);
            try
            {
                await WriteAsync(upstream, key, mine, theirs, decision, cancellationToken);
                await NoteAsync(key, record, decision);
                if (key.Kind != RegistryKind.Thing && !decision.WritesNothing)
                    RetryRefused(); // it may be what they were refused for
                return;
            }
            catch (RegistryRefusedException ex) when (ex.HasChanged && attempt < Repeats)
            {
                (mine, theirs) = (await local.ReadAsync(key, cancellationToken), await upstream.ReadAsync(key, cancellationToken));
            }
            catch (RegistryRefusedException ex)
            {
                // One entry that a side does not take holds up no other; it is tried again when it changes, when a type or group comes that it may
                // have lacked, and with the next comparison.
                _refused[key] = true;
                await NoteAsync(key, record, new() { State = SyncState.Parked, Reason = ex.Message, Base = record?.Base });
                return;
            }
        }
    }

    private async Task WriteAsync(IRegistrySide upstream, RegistryKey key, RegistryItem? mine, RegistryItem? theirs, RegistryDecision decision, CancellationToken cancellationToken)
    {
        if (decision.WriteUpstream is { } up)
            await upstream.WriteAsync(key, theirs, up, cancellationToken);
        if (decision.WriteLocal is { } down)
            await WriteLocalAsync(key, down, () => local.WriteAsync(key, mine, down, cancellationToken), cancellationToken);
        if (decision.DeleteUpstream)
            await upstream.DeleteAsync(key, theirs!, cancellationToken);
        if (decision.DeleteLocal)
            await WriteLocalAsync(key, wanted: null, () => local.DeleteAsync(key, mine!, cancellationToken), cancellationToken);
    }

    // Our own writes come back by the feed and are no change to look at; one of somebody else in between is.
    private async Task WriteLocalAsync(RegistryKey key, ImmutableSortedDictionary<string, string>? wanted, Func<Task> write, CancellationToken cancellationToken)
    {
        _writing[key] = true;
        try
        {
            await write();
        }
        finally
        {
            _writing.TryRemove(key, out _);
        }
        if (!RegistryItem.Same((await local.ReadAsync(key, cancellationToken))?.Leaves, wanted))
            Note(key);
    }

    private void RetryRefused()
    {
        foreach (var key in _refused.Keys)
            if (_refused.TryRemove(key, out _))
                Note(key);
    }

    private void Note(RegistryKey key)
    {
        _changed[key] = true;
        _signal.Set();
    }

    private async Task NoteAsync(RegistryKey key, RegistrySyncRecord? record, RegistryDecision decision)
    {
        if (decision.WritesNothing && decision.State == (record?.State ?? SyncState.InSync) && decision.Reason == record?.Reason && RegistryItem.Same(decision.Base, record?.Base))
            return;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await store.SaveAsync(new(key, decision.Base, decision.State, decision.Reason, now), decision.Conflicts);
        if (decision.Reason is { } reason && reason != record?.Reason)
            LogNotAlike(name, key.ToString(), reason);
        foreach (var conflict in decision.Conflicts)
            GivenUp?.Invoke(new(now, name, key, conflict));
    }

    private void OnLocalChange(RegistryChange change)
    {
        RegistryKey? key = change.Kind switch
        {
            RegistryChangeKind.ThingCreated or RegistryChangeKind.ThingUpdated or RegistryChangeKind.ThingDeleted or RegistryChangeKind.MembershipAdded or RegistryChangeKind.MembershipRemoved
                or RegistryChangeKind.TypeAssociationAdded or RegistryChangeKind.TypeAssociationRemoved => new(RegistryKind.Thing, change.Name),
            RegistryChangeKind.ThingTypeCreated or RegistryChangeKind.ThingTypeUpdated or RegistryChangeKind.ThingTypeDeleted => new(RegistryKind.Type, change.Name),
            RegistryChangeKind.ThingGroupCreated or RegistryChangeKind.ThingGroupUpdated or RegistryChangeKind.ThingGroupDeleted => new(RegistryKind.Group, change.Name),
            _ => null,
        };
        if (key is not { } changed || _writing.ContainsKey(changed) || !IsChosen(changed))
            return;
        Note(changed);
    }

    private bool IsChosen(RegistryKey key) => key.Kind switch
    {
        RegistryKind.Type => true,
        RegistryKind.Group => NamePattern.Matches(route.Groups, key.Name),
        _ => NamePattern.Matches(route.Things, key.Name) && (route.InGroups.Count == 0 || store.Find(key) is not null || isChosen(key.Name)),
    };

    [LoggerMessage(8201, LogLevel.Information, "Upstream {Upstream}: the registry is kept alike")]
    private partial void LogReached(string upstream);

    [LoggerMessage(8202, LogLevel.Warning, "Upstream {Upstream}: its registry is not reached: {Fault}")]
    private partial void LogNotReached(string upstream, string fault);

    [LoggerMessage(8203, LogLevel.Warning, "Upstream {Upstream}: {Entry} is not kept alike: {Reason}")]
    private partial void LogNotAlike(string upstream, string entry, string reason);
}
