namespace EdgeGateway.Rules;

/// <summary>How one action of a rule fares since the start of the gateway.</summary>
/// <param name="Place">`actions[0]` or `errorAction`.</param>
/// <param name="Action">As in the error document, such as `HttpAction`.</param>
/// <param name="Succeeded">Done; of one that stores and forwards: delivered.</param>
/// <param name="Failed">Given up for good.</param>
/// <param name="UnderWay">At this moment.</param>
/// <param name="Backlog">Stored and not delivered; 0 for actions that do not store.</param>
/// <param name="LatencyP50">Half were done no later (at most 25 % too high); from stored to delivered where it stores.</param>
/// <param name="LastError">In words; null while there was none.</param>
public sealed record ActionStatus(
    string Place, string Action, long Succeeded, long Failed, int UnderWay, int Backlog, TimeSpan LatencyP50, TimeSpan LatencyP99, string? LastError, DateTimeOffset? LastErrorAt);
