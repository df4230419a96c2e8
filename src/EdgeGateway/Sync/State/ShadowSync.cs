using System.Collections.Concurrent;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Shadows;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync.State;

/// <summary>
/// Keeps the shadows of one upstream alike. While it is reached: what changes on either side is looked at a moment later; after a connect,
/// every shadow there is a word of. While it is not, nothing is queued: what has changed shows in the versions.
/// </summary>
internal sealed partial class ShadowSync(
    UpstreamOptions options, string gatewayName, IShadows shadows, IShadowFeed feed, IThingCatalog things, IRegistryFeed registry, SyncStore store, Func<IShadowLink> connect, TimeProvider time, ILogger logger)
{
    private const int Workers = 8;                                                   // below the ten requests in flight AWS allows a connection
    private const int PageSize = 1000;
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<ShadowId, int> _attempts = new();
    private readonly ShadowQueue _queue = new(time);
    private readonly RateBucket _rate = new(options.ShadowRate, time);
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1));
    private volatile string? _fault = "not connected yet";

    public string Name => options.Name;

    /// <summary>Why the upstream's shadow service is not reached; null: it is.</summary>
    public string? Fault => _fault;

    /// <summary>Shadows waiting to be looked at or being so.</summary>
    public int Waiting => _queue.Count;

    public IReadOnlyList<SyncRecord> Records => store.All();

    /// <summary>Looks at every shadow again; without a connection that comes with it anyway.</summary>
    public void ReconcileAll()
    {
        if (_fault is null)
            EnqueueAll();
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        feed.Changed += OnLocalChange;
        registry.Committed += OnRegistryChange;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await ConnectionAsync(stopping);
                await Task.Delay(_backoff.Next(UpstreamState.Disconnected), time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // the gateway stops
        }
        finally
        {
            feed.Changed -= OnLocalChange;
            registry.Committed -= OnRegistryChange;
        }
    }

    private async Task ConnectionAsync(CancellationToken stopping)
    {
        await using var link = connect();
        try
        {
            await link.ConnectAsync(stopping);
        }
        catch (UpstreamLostException ex)
        {
            if (_fault != ex.Message)
                LogNotReached(options.Name, ex.Message);
            _fault = ex.Message;
            return;
        }
        _fault = null;
        _backoff.Reset();
        link.Changed += OnCloudChange;
        LogConnected(options.Name);
        if (options.ShadowStrategy != ShadowStrategy.Manual)
            EnqueueAll();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var workers = Enumerable.Range(0, Workers).Select(_ => WorkAsync(link, ending.Token)).ToArray();
        await Task.WhenAny([link.Closed.WaitAsync(stopping), .. workers]);
        _fault = "the connection is lost";
        await ending.CancelAsync();
        await Task.WhenAll(workers);
        _queue.Clear();
    }

    private async Task WorkAsync(IShadowLink link, CancellationToken ending)
    {
        try
        {
            while (true)
            {
                var (shadow, asksCloud) = await _queue.TakeAsync(ending);
                await _rate.TakeAsync(ending);
                _queue.End(shadow, await ReconcileAsync(link, shadow, asksCloud, ending));
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // the connection is over
        }
    }

    /// <returns>The pause before it is tried again; null: done.</returns>
    private async Task<TimeSpan?> ReconcileAsync(IShadowLink link, ShadowId shadow, bool asksCloud, CancellationToken ending)
    {
        if (RouteOf(shadow) is not { } route)
            return null;
        var reconciler = new ShadowReconciler(options.Name, gatewayName, shadows, link, store, route.Policy, time);
        try
        {
            if (!await reconciler.TryReconcileAsync(shadow, route.Way, trustsBase: !asksCloud, ending))
                return Pause(shadow, Debounce);
            _attempts.TryRemove(shadow, out _);
            return null;
        }
        catch (UpstreamLostException ex)
        {
            LogNoAnswer(options.Name, shadow, ex.Message);
            return Pause(shadow, TimeSpan.FromSeconds(2));
        }
        catch (Exception ex) when (ex is Microsoft.Data.Sqlite.SqliteException or InvalidDataException or System.Text.Json.JsonException) // the disk, or an answer that is none
        {
            LogFailed(ex, options.Name, shadow);
            return Pause(shadow, TimeSpan.FromSeconds(10));
        }
    }

    private void EnqueueAll()
    {
        foreach (var record in store.All())
            Enqueue(record.Shadow, asksCloud: true, TimeSpan.Zero);
        for (var (sequence, page) = (0L, feed.Since(0, PageSize)); page.Count > 0; page = feed.Since(sequence, PageSize))
        {
            foreach (var stored in page)
                if (stored.Document.Exists)
                    Enqueue(stored.Shadow, asksCloud: true, TimeSpan.Zero);
            sequence = page[^1].Sequence;
        }
        foreach (var thing in things.Things)
            Enqueue(ShadowId.Classic(thing.Name), asksCloud: true, TimeSpan.Zero);    // it may have one there only
    }

    private void OnLocalChange(ShadowChange change)
    {
        if (_fault is null && change.Origin.Source != $"upstream:{options.Name}")
            Enqueue(change.Shadow, asksCloud: false);
    }

    // A thing that came into a group may be chosen now; one that left is, by what is asked when its turn comes, no more.
    private void OnRegistryChange(RegistryChange change)
    {
        if (_fault is not null || change.Kind != RegistryChangeKind.MembershipAdded || options.Shadows.All(static route => route.Groups.Count == 0))
            return;
        Enqueue(ShadowId.Classic(change.Name), asksCloud: true);
        foreach (var name in shadows.NamesOf(change.Name, "", PageSize))
            Enqueue(new ShadowId(change.Name, name), asksCloud: true);
    }

    private void OnCloudChange(ShadowId shadow) => Enqueue(shadow, asksCloud: true);

    /// <summary>As soon as the strategy wants it; what is left out now is seen in the versions later.</summary>
    private void Enqueue(ShadowId shadow, bool asksCloud)
    {
        if (options.ShadowStrategy == ShadowStrategy.Realtime)
            Enqueue(shadow, asksCloud, Debounce);
        else if (options.ShadowStrategy == ShadowStrategy.Periodic)
            Enqueue(shadow, asksCloud, options.ShadowInterval);
    }

    private void Enqueue(ShadowId shadow, bool asksCloud, TimeSpan delay)
    {
        if (RouteOf(shadow) is not null)
            _queue.Add(shadow, asksCloud, delay);
    }

    private ShadowRoute? RouteOf(ShadowId shadow) =>
        options.Shadows.FirstOrDefault(route => NamePattern.Matches(route.Things, shadow.Thing) && NamePattern.Matches(route.Names, shadow.Name)
            && (route.Groups.Count == 0 || things.GroupsOf(shadow.Thing).Any(route.Groups.Contains)));

    /// <summary>Doubled with each attempt that did not bring the shadow alike, up to a minute, with jitter.</summary>
    private TimeSpan Pause(ShadowId shadow, TimeSpan first)
    {
        var attempt = _attempts.AddOrUpdate(shadow, 0, static (_, count) => Math.Min(count + 1, 16));
        var pause = first * Math.Pow(2, attempt);
        return (pause < LongestPause ? pause : LongestPause) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    [LoggerMessage(8101, LogLevel.Information, "Upstream {Upstream}: shadows are kept alike")]
    private partial void LogConnected(string upstream);

    [LoggerMessage(8102, LogLevel.Warning, "Upstream {Upstream}: its shadow service is not reached: {Fault}")]
    private partial void LogNotReached(string upstream, string fault);

    [LoggerMessage(8103, LogLevel.Warning, "Upstream {Upstream}: shadow {Shadow} is tried again: {Fault}")]
    private partial void LogNoAnswer(string upstream, ShadowId shadow, string fault);

    [LoggerMessage(8104, LogLevel.Error, "Upstream {Upstream}: shadow {Shadow} could not be brought alike")]
    private partial void LogFailed(Exception exception, string upstream, ShadowId shadow);
}
