using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.Store;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync;

/// <summary>One upstream: its routes on the bus, its outbox and its connection.</summary>
internal sealed partial class Upstream : IDisposable
{
    private static readonly TimeSpan TidyInterval = TimeSpan.FromSeconds(10), FirstPause = TimeSpan.FromSeconds(1);
    private readonly UpstreamEnvironment _environment;
    private readonly UpstreamBoard _board;
    private readonly Refusals _refusals;
    private readonly List<IDisposable> _subscriptions = [];
    private readonly ILogger _logger;
    private volatile Outbox? _outbox;
    private volatile ParkedMessages? _parked;
    private volatile DataBudget? _budget;
    private volatile UpstreamRunner? _runner;
    private volatile string? _storeProblem;
    private long _missed;

    public Upstream(UpstreamOptions options, UpstreamEnvironment environment, ILogger logger)
    {
        Options = options;
        _environment = environment;
        _logger = logger;
        _refusals = new(environment.Time);
        _board = new(environment.Time);
        _board.Changed += OnChanged;
        _board.MessageParked += (topic, reason) => LogParked(options.Name, topic, reason);
    }

    public UpstreamOptions Options { get; }

    /// <summary>State or error changed.</summary>
    public event Action? StatusChanged;

    public UpstreamStatus Status
    {
        get
        {
            var now = _board.Now;
            var held = _outbox?.Snapshot(draining: now.ConnectedSince is not null);
            var problem = _storeProblem ?? held?.Problem;
            var state = problem is not null ? UpstreamState.StoreFailed
                : now.State == UpstreamState.Connected && held is { Oldest.TotalSeconds: > 5 } ? UpstreamState.Draining : now.State;
            return new(
                Options.Name,
                Options.Kind switch { UpstreamKind.AwsIot => "aws-iot", UpstreamKind.EdgeGateway => "edgegateway", UpstreamKind.Https => "https", _ => "mqtt" },
                Options.Endpoint.GetLeftPart(UriPartial.Authority),
                state == UpstreamState.StoreFailed ? "store-failed" : state.ToString().ToLowerInvariant(),
                now.ConnectedSince,
                held?.Messages ?? 0,
                held?.Bytes ?? 0,
                held?.Oldest?.TotalSeconds,
                held?.DrainedPerSecond ?? 0,
                held?.FullIn?.TotalSeconds,
                problem ?? now.LastFault?.What,
                problem is not null ? "make room on the disk, or see why it fails (dmesg); messages for this upstream are not kept meanwhile" : now.LastFault?.WhatToDo,
                (held?.Dropped ?? 0) + Interlocked.Read(ref _missed),
                held?.Expired ?? 0,
                _parked?.Count ?? 0,
                held?.Damaged ?? 0,
                _budget is { Budget: not null } budget ? budget.Used : null);
        }
    }

    /// <summary>Opens the outbox and listens on the bus; no message published after it returns is missed.</summary>
    public void Open()
    {
        TryOpenStore();
        for (var route = 0; route < Options.Up.Count; route++)
            _subscriptions.Add(_environment.Bus.Subscribe(Options.Up[route].Filter, new UpstreamSink(this, route)));
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(TidyInterval, _environment.Time);
            while (!TryOpenStore())
                await timer.WaitForNextTickAsync(cancellationToken);
            var parts = new UplinkParts(Options, _environment.GatewayName, _outbox!, _parked!, _budget!, _refusals, _board, _environment.Bus, _environment.Time);
            var runner = new UpstreamRunner(parts, _environment.ConnectAsync, _environment.FirstPause ?? FirstPause);
            _runner = runner;
            await Task.WhenAll(runner.RunAsync(cancellationToken), TidyAsync(timer, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the gateway stops
        }
    }

    public IReadOnlyList<ParkedMessage> Parked(int count) => _parked?.Newest(count) ?? [];

    public void ConnectNow() => _runner?.ConnectNow();

    public DurabilityTicket Store(MessageClass messageClass, ReadOnlySpan<byte> topic, in MessageView message)
    {
        if (_outbox is { } outbox)
            return outbox.Store(messageClass, topic, message);
        Interlocked.Increment(ref _missed);
        return DurabilityTicket.None;
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        _outbox?.Dispose();
        _parked?.Dispose();
        _budget?.Dispose();
    }

    // No room or no right to write must not keep the gateway from starting: the upstream says so and tries again.
    private bool TryOpenStore()
    {
        if (_outbox is not null)
            return true;
        try
        {
            var log = Options.Limits.Log(Options.Linger);
            var classes = Options.Up.Select(static route => route.Class).Concat(Enum.GetValues<MessageClass>().Where(each => _environment.FolderExists(Options.Name, Outbox.FolderOf(each))));
            var clock = new ArrivalClock(_environment.OpenFolder(Options.Name, "clock"), _environment.Time, _environment.Boot, _environment.ClockIsSet);
            var outbox = new Outbox(
                Options.Limits, classes, folder => _environment.OpenFolder(Options.Name, folder), folder => _environment.FolderExists(Options.Name, folder), log, clock, _environment.Time);
            _parked = new(_environment.OpenFolder(Options.Name, "parked"), 256 << 10);
            _budget = new(_environment.OpenFolder(Options.Name, "budget"), Options.Month, _environment.Time);
            outbox.Faulted += problem => LogStoreFailed(Options.Name, problem);
            foreach (var damage in outbox.Queues.SelectMany(static queue => queue.Damage))
                LogDamaged(Options.Name, damage.What);
            _outbox = outbox;
            _storeProblem = null;
            return true;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            if (_storeProblem is null)
                LogStoreFailed(Options.Name, ex.Message);
            _storeProblem = ex.Message;
            return false;
        }
    }

    private async Task TidyAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        while (await timer.WaitForNextTickAsync(cancellationToken))
            try
            {
                _outbox!.Tidy();
            }
            catch (IOException ex)
            {
                LogStoreFailed(Options.Name, ex.Message);
            }
    }

    private void OnChanged(UpstreamState state, UpstreamFault? fault)
    {
        if (fault is not null)
            LogFault(Options.Name, fault.What, fault.WhatToDo);
        else if (state == UpstreamState.Connected)
            LogConnected(Options.Name, Options.Endpoint.Authority);
        StatusChanged?.Invoke();
    }

    [LoggerMessage(8001, LogLevel.Information, "Upstream {Upstream} connected to {Endpoint}")]
    private partial void LogConnected(string upstream, string endpoint);

    [LoggerMessage(8002, LogLevel.Warning, "Upstream {Upstream}: {Fault}; {WhatToDo}")]
    private partial void LogFault(string upstream, string fault, string whatToDo);

    [LoggerMessage(8003, LogLevel.Warning, "Upstream {Upstream}: a message on {Topic} is parked: {Reason}")]
    private partial void LogParked(string upstream, string topic, string reason);

    [LoggerMessage(8004, LogLevel.Error, "Upstream {Upstream}: the store failed: {Problem}")]
    private partial void LogStoreFailed(string upstream, string? problem);

    [LoggerMessage(8005, LogLevel.Error, "Upstream {Upstream}: the store is damaged: {Damage}")]
    private partial void LogDamaged(string upstream, string damage);
}
