using EdgeGateway.Broker;

namespace EdgeGateway.Api;

/// <summary>Answer of <c>GET /edge/v1/broker</c>: gauges, and counters since the start.</summary>
public sealed record BrokerResponse
{
    public required long Connections { get; init; }
    public required long Sessions { get; init; }
    public required long Subscriptions { get; init; }
    public required long Retained { get; init; }
    public required long RetainedBytes { get; init; }
    public required long MessagesIn { get; init; }
    public required long MessagesOut { get; init; }
    public required long BytesIn { get; init; }
    public required long BytesOut { get; init; }
    public required long QueuedMessages { get; init; }

    /// <summary>Of the queued messages' payloads, those in memory.</summary>
    public required long QueuedBytes { get; init; }

    public required long InFlight { get; init; }
    public required long Dropped { get; init; }

    /// <summary>Bytes of the log that are kept.</summary>
    public required long LogBytes { get; init; }

    public required long LogCommits { get; init; }
    public required long WrittenBytesPerHour { get; init; }
    public required long CommitsPerHour { get; init; }

    public static BrokerResponse From(BrokerStatus broker)
    {
        var (queued, inFlight) = broker.Waiting();
        var rate = broker.WriteRate;
        return new()
        {
            Connections = broker.Connections,
            Sessions = broker.Sessions,
            Subscriptions = broker.Subscriptions,
            Retained = broker.Retained,
            RetainedBytes = broker.RetainedBytes,
            MessagesIn = broker.Metrics.MessagesIn,
            MessagesOut = broker.Metrics.MessagesOut,
            BytesIn = broker.Metrics.BytesIn,
            BytesOut = broker.Metrics.BytesOut,
            QueuedMessages = queued,
            QueuedBytes = broker.WaitingBytes,
            InFlight = inFlight,
            Dropped = broker.Metrics.Dropped,
            LogBytes = broker.Log?.LiveBytes ?? 0,
            LogCommits = broker.Log?.Commits ?? 0,
            WrittenBytesPerHour = rate.BytesPerHour,
            CommitsPerHour = rate.CommitsPerHour,
        };
    }
}
