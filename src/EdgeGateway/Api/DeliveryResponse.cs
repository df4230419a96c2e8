using EdgeGateway.Rules.Delivery;

namespace EdgeGateway.Api;

/// <summary>The store-and-forward queue of one action; counts are since the start.</summary>
public sealed record DeliveryResponse
{
    public required string Rule { get; init; }

    /// <summary>`actions[0]` or `errorAction`.</summary>
    public required string Place { get; init; }

    public required string Action { get; init; }

    /// <summary>`up`, or `down` while the other side takes nothing.</summary>
    public required string State { get; init; }

    public required int Waiting { get; init; }
    public required long WaitingBytes { get; init; }
    public DateTimeOffset? Oldest { get; init; }
    public required int UnderWay { get; init; }
    public required long Delivered { get; init; }
    public required long FailedTries { get; init; }

    /// <summary>Given up, and so dead letters where they are kept.</summary>
    public required long Refused { get; init; }

    /// <summary>The oldest, to make room.</summary>
    public required long Dropped { get; init; }

    /// <summary>From stored to delivered.</summary>
    public required double LatencyP50Milliseconds { get; init; }

    public required double LatencyP99Milliseconds { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? LastErrorAt { get; init; }

    internal static DeliveryResponse From(DeliveryStatus status) => new()
    {
        Rule = status.Rule,
        Place = status.Place,
        Action = status.Action,
        State = status.IsDown ? "down" : "up",
        Waiting = status.Waiting,
        WaitingBytes = status.WaitingBytes,
        Oldest = status.Oldest,
        UnderWay = status.UnderWay,
        Delivered = status.Delivered,
        FailedTries = status.FailedTries,
        Refused = status.Refused,
        Dropped = status.Dropped,
        LatencyP50Milliseconds = Math.Round(status.LatencyP50.TotalMilliseconds, 1),
        LatencyP99Milliseconds = Math.Round(status.LatencyP99.TotalMilliseconds, 1),
        LastError = status.LastError,
        LastErrorAt = status.LastErrorAt,
    };
}
