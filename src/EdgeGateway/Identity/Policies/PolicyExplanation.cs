namespace EdgeGateway.Identity.Policies;

/// <summary>A decision with its grounds: <c>policy explain</c>, TestAuthorization.</summary>
/// <param name="Statements">Every statement of every policy in force, in order.</param>
public sealed record PolicyExplanation(PolicyDecision Decision, string Action, string Resource, IReadOnlyList<StatementVerdict> Statements)
{
    /// <summary>The statements that decided: all matching Denies, else all matching Allows; empty for an implicit deny.</summary>
    public IEnumerable<StatementVerdict> Deciding => Statements.Where(verdict =>
        verdict.Matched && (Decision == PolicyDecision.Deny) == (verdict.Statement.Effect == PolicyEffect.Deny));

    /// <summary>Variables without a value, over all statements.</summary>
    public IEnumerable<string> MissingVariables => Statements.SelectMany(verdict => verdict.Unresolved).Distinct(StringComparer.OrdinalIgnoreCase);
}
