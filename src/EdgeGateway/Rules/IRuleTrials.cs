namespace EdgeGateway.Rules;

/// <summary>Trying statements on messages: nothing is published, stored or switched.</summary>
public interface IRuleTrials
{
    /// <returns>One result a message; null where the definition is refused.</returns>
    IReadOnlyList<RuleTrialResult>? Run(RuleDefinition definition, IReadOnlyList<RuleTrialMessage> messages, out RuleError? error);

    /// <summary>What parses but cannot be meant, each with line and column; empty for a definition that is refused.</summary>
    IReadOnlyList<string> Lint(RuleDefinition definition);
}
