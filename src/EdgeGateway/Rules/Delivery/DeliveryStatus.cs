namespace EdgeGateway.Rules.Delivery;

/// <summary>How the queue of one action fares; counts are since the start.</summary>
/// <param name="Place">`actions[0]` or `errorAction`.</param>
/// <param name="Waiting">Messages stored and not settled.</param>
/// <param name="WaitingBytes">Bytes they take on disk, with what lies between them.</param>
/// <param name="Oldest">When the oldest of them came.</param>
/// <param name="IsDown">The other side takes nothing at present; it is tried again and again.</param>
/// <param name="Refused">Given up: refused for good, or too old.</param>
/// <param name="Dropped">The oldest, to make room.</param>
/// <param name="LatencyP50">From stored to delivered.</param>
public sealed record DeliveryStatus(
    string Rule, string Place, string Action, int Waiting, long WaitingBytes, DateTimeOffset? Oldest, bool IsDown, int UnderWay, long Delivered, long FailedTries, long Refused, long Dropped,
    TimeSpan LatencyP50, TimeSpan LatencyP99, string? LastError, DateTimeOffset? LastErrorAt);
