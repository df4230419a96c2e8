namespace EdgeGateway.Rules.Http;

/// <summary>An address that the `http` action may send to (AWS guide: HTTP action): only once it is confirmed, or trusted by the configuration.</summary>
/// <param name="Url">The confirmation URL: what an action sends to begins with it.</param>
/// <param name="Reason">Why it is in this state, in words; null where there is nothing to say.</param>
/// <param name="Token">Confirms it, once; null when it did or is over.</param>
public sealed record HttpDestination(
    string Arn, string Url, HttpDestinationStatus Status, string? Reason, string? Token, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
