using System.Globalization;
using System.Text;
using EdgeGateway.Messaging;
using Microsoft.Extensions.Hosting;

namespace EdgeGateway.Broker;

/// <summary>Statistics on <c>$SYS/broker/…</c>, retained in memory only, every <c>broker.sysInterval</c>. The names are those that other brokers use.</summary>
internal sealed class SystemTopics(BrokerOptions options, BrokerStatus status, IMessageBus bus, TimeProvider time) : BackgroundService
{
    private readonly long _started = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.SysInterval <= TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(options.SysInterval, time);
        do
            await PublishAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task PublishAsync(CancellationToken cancellationToken)
    {
        var (queued, inFlight) = status.Waiting();
        (string Name, long Value)[] facts =
        [
            ("uptime", (long)time.GetElapsedTime(_started).TotalSeconds),
            ("clients/connected", status.Connections),
            ("clients/total", status.Sessions),
            ("clients/disconnected", status.Sessions - status.Connections),
            ("subscriptions/count", status.Subscriptions),
            ("retained messages/count", status.Retained),
            ("messages/stored", queued),
            ("messages/inflight", inFlight),
            ("publish/messages/received", status.Metrics.MessagesIn),
            ("publish/messages/sent", status.Metrics.MessagesOut),
            ("publish/messages/dropped", status.Metrics.Dropped),
            ("publish/bytes/received", status.Metrics.BytesIn),
            ("publish/bytes/sent", status.Metrics.BytesOut),
            ("log/bytes per hour", status.WriteRate.BytesPerHour),
            ("log/commits per hour", status.WriteRate.CommitsPerHour),
        ];
        foreach (var (name, value) in facts)
            await bus.PublishAsync(
                new($"$SYS/broker/{name}", Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture))) { QualityOfService = QualityOfService.AtMostOnce, Retain = true, Origin = MessageOrigin.Broker },
                cancellationToken);
    }
}
