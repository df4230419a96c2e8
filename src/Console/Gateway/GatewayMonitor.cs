using EdgeGateway.Pages.Live;
using EdgeGateway.Pages.Wire;

namespace EdgeGateway.Pages.Gateway;

/// <summary>
/// What the pages know of the gateway, read over and over: the status and what is wired every two seconds, clients and rules every
/// second time. All of it stays as it was when the gateway does not answer; <see cref="Reachability"/> says so.
/// </summary>
internal sealed class GatewayMonitor(GatewayClient client, ReadingHistory history, TimeProvider time) : IAsyncDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private GatewayStatus? _before;
    private DateTimeOffset _beforeAt;
    private bool _refreshing;

    /// <summary>After each round, answered or not.</summary>
    public event Action? Changed;

    public Reachability Reachability { get; private set; }
    public DateTimeOffset? LastAnswer { get; private set; }

    /// <summary>The gateway's own words when it answers but refuses; null otherwise.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The gateway wants to know who this is.</summary>
    public bool NeedsSignIn { get; private set; }

    public GatewayStatus? Status { get; private set; }
    public IReadOnlyList<WiredDevice>? Wired { get; private set; }
    public IReadOnlyList<ClientStatus>? Clients { get; private set; }
    public IReadOnlyList<RuleStatus>? Rules { get; private set; }

    /// <summary>Messages a second into the broker between the last two answers; null before the second.</summary>
    public double? MessagesInPerSecond { get; private set; }

    public void Start() => _running = _running.IsCompleted && !_stop.IsCancellationRequested ? RunAsync(_stop.Token) : _running;

    /// <summary>Reads everything now, after a person changed something.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => ReadAsync(everything: true, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            var everything = true;
            do
            {
                await ReadAsync(everything, cancellationToken);
                everything = !everything || Reachability != Reachability.Reachable;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page is closing.
        }
    }

    private async Task ReadAsync(bool everything, CancellationToken cancellationToken)
    {
        if (_refreshing)
            return;
        _refreshing = true;
        try
        {
            using var limit = new CancellationTokenSource(CallTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            Take(await client.StatusAsync(either.Token));
            (Refusal, NeedsSignIn) = (null, false);
            Reachability = Reachability.Reachable;
            LastAnswer = time.GetUtcNow();
            await ReadListsAsync(everything, either.Token);
        }
        catch (GatewayRefusal refusal)
        {
            Reachability = Reachability.Reachable;
            NeedsSignIn = refusal.Status == 401;
            Refusal = NeedsSignIn ? null : refusal.Message;
        }
        catch (Exception ex) when (ex is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Reachability = Reachability.Unreachable;
            MessagesInPerSecond = null;
            _before = null;
        }
        finally
        {
            _refreshing = false;
        }
        Changed?.Invoke();
    }

    private async Task ReadListsAsync(bool everything, CancellationToken cancellationToken)
    {
        Wired = await ListAsync(client.WiredAsync, Wired, cancellationToken);
        foreach (var device in Wired ?? [])
            history.Take(device.Name, device.LastReadingAt, device.Values);
        if (!everything)
            return;
        Clients = await ListAsync(client.ClientsAsync, Clients, cancellationToken);
        Rules = await ListAsync(client.RulesAsync, Rules, cancellationToken);
    }

    /// <summary>One part that refuses does not hide the others.</summary>
    private async Task<IReadOnlyList<T>?> ListAsync<T>(Func<CancellationToken, Task<IReadOnlyList<T>>> read, IReadOnlyList<T>? before, CancellationToken cancellationToken)
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (GatewayRefusal refusal)
        {
            Refusal = refusal.Message;
            return before;
        }
    }

    private void Take(GatewayStatus status)
    {
        var now = time.GetUtcNow();
        var seconds = (now - _beforeAt).TotalSeconds;
        // A restart begins the counters anew; so does a broker that was not there before.
        if (_before is { Broker: { } before } && status.Broker is { } broker && _before.StartedAt == status.StartedAt && seconds > 0.5)
            MessagesInPerSecond = Math.Max(0, broker.MessagesIn - before.MessagesIn) / seconds;
        if (_before is null || seconds > 0.5)
        {
            _before = status;
            _beforeAt = now;
        }
        Status = status;
    }
}
