namespace EdgeGateway.Rules;

/// <summary>What one rule made of one message.</summary>
/// <param name="Fired">The WHERE held and the actions were started.</param>
/// <param name="WhyNot">The part of WHERE that was not true, with the values in it.</param>
/// <param name="Payload">As published: JSON where it is JSON, else base64.</param>
/// <param name="IsJson">Whether <paramref name="Payload"/> is JSON.</param>
/// <param name="Output">The outgoing payload, in the same form; null where there is none.</param>
/// <param name="Notes">What the outgoing payload lacks and why.</param>
/// <param name="EvaluationTime">Zero for messages evaluated once more for the trace.</param>
public sealed record RuleTraceEntry(
    DateTimeOffset At,
    string Topic,
    string? ClientId,
    bool Fired,
    string? WhyNot,
    string Payload,
    bool IsJson,
    string? Output,
    bool OutputIsJson,
    string? Error,
    IReadOnlyList<string> Notes,
    TimeSpan EvaluationTime);
