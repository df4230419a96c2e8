namespace EdgeGateway.Rules;

/// <summary>The rules of the gateway. A change takes effect on the next message; null means done, else why not.</summary>
/// <remarks>Thread-safe. Each change is durable when its task completes.</remarks>
public interface IRules
{
    /// <summary>All rules in order of their names.</summary>
    IReadOnlyList<Rule> All { get; }

    Rule? Find(string ruleName);

    /// <summary>Null where there is no such rule.</summary>
    RuleStatus? StatusOf(string ruleName);

    /// <summary>Each action, the error action last; empty where there is no such rule.</summary>
    IReadOnlyList<ActionStatus> ActionsOf(string ruleName);

    /// <summary>FROM of the rule's statement, its first filter; null where it has none.</summary>
    string? FilterOf(string ruleName);

    /// <summary>What parses but cannot be meant, in words with line and column.</summary>
    IReadOnlyList<string> WarningsOf(string ruleName);

    Task<RuleError?> CreateAsync(string ruleName, RuleDefinition definition, CancellationToken cancellationToken);

    /// <summary>Full overwrite. Messages already queued run with the old definition, later ones with the new.</summary>
    Task<RuleError?> ReplaceAsync(string ruleName, RuleDefinition definition, CancellationToken cancellationToken);

    Task<RuleError?> SetEnabledAsync(string ruleName, bool enabled, CancellationToken cancellationToken);

    Task<RuleError?> DeleteAsync(string ruleName, CancellationToken cancellationToken);

    /// <summary>What creating it would say, without creating it.</summary>
    RuleError? Validate(RuleDefinition definition);
}
