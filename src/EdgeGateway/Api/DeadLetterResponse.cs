namespace EdgeGateway.Api;

/// <summary>A message that an action gave up: refused for good, or too old.</summary>
public sealed record DeadLetterResponse(
    long Id, string Rule, string Place, string Action, string Resource, string Topic, string Error, string Code, int Attempts, DateTimeOffset StoredAt, DateTimeOffset GivenUpAt, int Bytes);
