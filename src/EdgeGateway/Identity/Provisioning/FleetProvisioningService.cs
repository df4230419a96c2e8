using System.Threading.Channels;
using EdgeGateway.Messaging;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>Listens on the provisioning topics, hands requests to <see cref="FleetProvisioning"/> one after another, and answers.</summary>
internal sealed partial class FleetProvisioningService(IMessageBus bus, FleetProvisioning provisioning, TimeProvider time, ILogger<FleetProvisioningService> logger)
    : BackgroundService, IMessageSink
{
    private const int MaxWaiting = 256;
    private static readonly TimeSpan CleanUpEvery = TimeSpan.FromMinutes(5);
    private static readonly string[] Filters = ["$aws/certificates/create/+", "$aws/certificates/create-from-csr/+", "$aws/provisioning-templates/+/provision/+"];

    // A full queue refuses the newest: its device hears nothing and asks again, while those already waiting are served.
    private readonly Channel<ProvisioningRequest> _waiting = Channel.CreateBounded<ProvisioningRequest>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly List<IDisposable> _subscriptions = [];
    private long _dropped;

    /// <summary>Requests refused because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var filter in Filters)
            _subscriptions.Add(bus.Subscribe(filter, this));
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        await base.StopAsync(cancellationToken);
    }

    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (ProvisioningRequest.From(message.ToOwned()) is { } request && !_waiting.Writer.TryWrite(request))
        {
            Interlocked.Increment(ref _dropped);
            LogDropped(request.ClientId);
        }
        return DurabilityTicket.None;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(AnswerAsync(stoppingToken), CleanUpAsync(stoppingToken));

    private async Task AnswerAsync(CancellationToken stoppingToken)
    {
        await foreach (var request in _waiting.Reader.ReadAllAsync(stoppingToken))
            await bus.PublishAsync(await AnswerAsync(request, stoppingToken), stoppingToken);
    }

    private async Task<ApplicationMessage> AnswerAsync(ProvisioningRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.Accepted(await provisioning.HandleAsync(request, cancellationToken));
        }
        catch (ProvisioningRefusal refusal)
        {
            LogRefused(request.ClientId, request.Topic, refusal.ErrorCode, refusal.Message);
            return request.Rejected(refusal);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)   // one device's bad luck must not end provisioning for the others; the defect is logged
        {
            LogFailed(fault, request.ClientId, request.Topic);
            return request.Rejected(new ProvisioningRefusal(500, "InternalError", "The gateway could not do it; its log says why."));
        }
    }

    private async Task CleanUpAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CleanUpEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await provisioning.ForgetEndedAsync();
    }

    [LoggerMessage(3305, LogLevel.Warning, "Provisioning request of client {ClientId} on {Topic} refused, {Code}: {Why}")]
    private partial void LogRefused(string clientId, string topic, string code, string why);

    [LoggerMessage(3306, LogLevel.Error, "Provisioning request of client {ClientId} on {Topic} failed")]
    private partial void LogFailed(Exception fault, string clientId, string topic);

    [LoggerMessage(3307, LogLevel.Warning, "Provisioning request of client {ClientId} dropped: too many wait")]
    private partial void LogDropped(string clientId);
}
