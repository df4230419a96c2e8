namespace EdgeGateway.Rules;

/// <summary>Seeing rules work: what each made of its messages, and what another statement would make of them.</summary>
public interface IRuleTraces
{
    /// <summary>Every message of a rule from now on, until cancelled; what a slow reader does not take is left out. Null: no such rule.</summary>
    IAsyncEnumerable<RuleTraceEntry>? Watch(string ruleName, CancellationToken cancellationToken);

    /// <summary>The rule's last messages, oldest first, evaluated once more by its present definition. Null: no such rule.</summary>
    IReadOnlyList<RuleTraceEntry>? Recorded(string ruleName);

    /// <summary>The rule's last messages, oldest first, through another definition; nothing is carried out. Null: no such rule.</summary>
    IReadOnlyList<RuleTraceEntry>? Replay(string ruleName, RuleDefinition definition, out RuleError? error);
}
