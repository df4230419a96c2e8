using System.Text.Json;
using System.Threading.Channels;
using EdgeGateway.Messaging;

namespace EdgeGateway.Sync;

/// <summary>Runs the upstreams and publishes how they fare, retained, on <c>$edge/upstream/NAME/status</c>.</summary>
internal sealed class SyncService : BackgroundService, ISyncStatus, IUpstreamOutbox
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(30);
    private readonly IMessageBus _bus;
    private readonly TimeProvider _time;
    private readonly Upstream[] _upstreams;
    private bool _disposed;
    private readonly Channel<Upstream> _changed = Channel.CreateBounded<Upstream>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest }); // the next round tells the rest

    public SyncService(SyncOptions options, UpstreamEnvironment environment, ILoggerFactory loggers)
    {
        _bus = environment.Bus;
        _time = environment.Time;
        _upstreams = [.. options.Upstreams.Select(each => new Upstream(each, environment, loggers.CreateLogger<Upstream>()))];
        foreach (var upstream in _upstreams)
            upstream.StatusChanged += () => _changed.Writer.TryWrite(upstream);
    }

    public IReadOnlyList<UpstreamStatus> Upstreams => [.. _upstreams.Select(static upstream => upstream.Status)];

    public IReadOnlyList<string> Names => [.. _upstreams.Select(static upstream => upstream.Options.Name)];

    public DurabilityTicket? Store(string upstream, ApplicationMessage message) =>
        _upstreams.FirstOrDefault(each => each.Options.Name == upstream)?.StoreDirect(message);

    public static string StatusTopic(string upstream) => $"$edge/upstream/{upstream}/status";

    public IReadOnlyList<ParkedMessage>? Parked(string upstream, int count) => _upstreams.FirstOrDefault(each => each.Options.Name == upstream)?.Parked(count);

    public bool ConnectNow(string? name)
    {
        var chosen = _upstreams.Where(upstream => name is null || upstream.Options.Name == name).ToList();
        foreach (var upstream in chosen)
            upstream.ConnectNow();
        return name is null || chosen.Count > 0;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var upstream in _upstreams)
            upstream.Open(); // before the listeners: what a device publishes first is not missed
        return base.StartAsync(cancellationToken);
    }

    // The container disposes once for each of its registrations.
    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var upstream in _upstreams)
            upstream.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await Task.WhenAll([.. _upstreams.Select(upstream => upstream.RunAsync(stoppingToken)), TellStatusAsync(stoppingToken), TellChangesAsync(stoppingToken)]);

    private async Task TellStatusAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StatusInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (var upstream in _upstreams)
                    _changed.Writer.TryWrite(upstream);
        }
        catch (OperationCanceledException)
        {
            // the gateway stops
        }
    }

    private async Task TellChangesAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var upstream in _changed.Reader.ReadAllAsync(stoppingToken))
                await _bus.PublishAsync(
                    new(StatusTopic(upstream.Options.Name), JsonSerializer.SerializeToUtf8Bytes(upstream.Status, SyncJson.Default.UpstreamStatus))
                    {
                        QualityOfService = QualityOfService.AtMostOnce,
                        Retain = true,
                    },
                    stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // the gateway stops
        }
    }
}
