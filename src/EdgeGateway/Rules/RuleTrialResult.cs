namespace EdgeGateway.Rules;

/// <summary>What a definition made of one message.</summary>
/// <param name="Matched">The topic is the statement's and its WHERE held.</param>
/// <param name="WhyNot">The part that was not true, with the values in it; null where it matched or failed.</param>
/// <param name="Output">The outgoing payload; null where there is none.</param>
/// <param name="IsJson">Whether <paramref name="Output"/> is JSON.</param>
/// <param name="Error">Why the evaluation failed.</param>
/// <param name="Notes">What the outgoing payload lacks and why.</param>
/// <param name="Actions">The actions' JSON with their templates filled in.</param>
public sealed record RuleTrialResult(
    bool Matched, string? WhyNot, ReadOnlyMemory<byte>? Output, bool IsJson, string? Error, IReadOnlyList<string> Notes, IReadOnlyList<string> Actions)
{
    /// <summary>Further outgoing payloads, where a window or unnest gives several.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> More { get; init; } = [];
}
