namespace EdgeGateway.Identity.Policies;

/// <summary>Evaluates documents as written, one statement after another: the reference that <see cref="CompiledPolicy"/> is held to, and the explainer.</summary>
internal static class PolicyInterpreter
{
    private static readonly string[] JobActions =
        ["iot:DescribeJobExecution", "iot:GetPendingJobExecutions", "iot:StartNextPendingJobExecution", "iot:UpdateJobExecution"];

    public static PolicyDecision Decide(IEnumerable<PolicySource> policies, string action, string resource, PolicyContext context, PolicyRules? rules = null)
    {
        var decision = PolicyDecision.ImplicitDeny;
        foreach (var statement in policies.SelectMany(policy => policy.Document.Statements))
        {
            if (!ActionMatches(statement, action) || !ResourceMatches(statement, resource, context, rules ?? PolicyRules.Default)
                || !ConditionsHold(statement, context))
                continue;
            if (statement.Effect == PolicyEffect.Deny)
                return PolicyDecision.Deny;
            decision = PolicyDecision.Allow;
        }
        return decision;
    }

    public static PolicyExplanation Explain(
        IEnumerable<PolicySource> policies, string action, string resource, PolicyContext context, PolicyRules? rules = null)
    {
        var verdicts = policies.SelectMany(policy =>
            policy.Document.Statements.Select((statement, index) => Judge(policy, index, statement, action, resource, context, rules ?? PolicyRules.Default))).ToList();
        var matched = verdicts.Where(verdict => verdict.Matched).Select(verdict => verdict.Statement.Effect).ToHashSet();
        var decision = matched.Contains(PolicyEffect.Deny) ? PolicyDecision.Deny
            : matched.Contains(PolicyEffect.Allow) ? PolicyDecision.Allow : PolicyDecision.ImplicitDeny;
        return new PolicyExplanation(decision, action, resource, verdicts);
    }

    /// <summary>Actions match without case; the four job actions also under their newer prefix (AWS guide: IoT policies).</summary>
    internal static bool ActionMatches(PolicyStatement statement, string action)
    {
        var alias = JobActions.Contains(action, StringComparer.OrdinalIgnoreCase) ? "iotjobsdata:" + action["iot:".Length..] : null;
        return statement.NotAction != statement.Actions.Any(pattern => pattern.MatchesAction(action) || (alias is not null && pattern.MatchesAction(alias)));
    }

    internal static bool ConditionsHold(PolicyStatement statement, PolicyContext context) =>
        statement.Conditions.All(condition => ConditionEvaluator.Holds(condition, context));

    internal static BoundPattern BindResource(
        PolicyStatement statement, PolicyPattern pattern, PolicyContext context, PolicyRules rules, ICollection<string>? unresolved = null)
    {
        if (rules.AcceptAnyAccountRegion)
            pattern = pattern.Loosened;
        return pattern.Bind(context, unresolved, rules.UnresolvedDenyMatches && statement is { Effect: PolicyEffect.Deny, NotResource: false });
    }

    private static bool ResourceMatches(
        PolicyStatement statement, string resource, PolicyContext context, PolicyRules rules, ICollection<string>? unresolved = null) =>
        statement.NotResource != statement.Resources.Count(pattern => BindResource(statement, pattern, context, rules, unresolved).Matches(resource)) > 0;

    private static StatementVerdict Judge(
        PolicySource source, int index, PolicyStatement statement, string action, string resource, PolicyContext context, PolicyRules rules)
    {
        var unresolved = new List<string>();
        var resourceMatches = ResourceMatches(statement, resource, context, rules, unresolved);
        if (!ActionMatches(statement, action))
            return Verdict(false, $"{action} is {(statement.NotAction ? "excluded by NotAction" : "none of its actions")} ({List(statement.Actions)})");
        if (!resourceMatches)
        {
            var why = unresolved.Count > 0 ? $"; no value for {string.Join(", ", unresolved.Distinct())}" : "";
            return Verdict(false, $"{resource} is {(statement.NotResource ? "excluded by NotResource" : "none of its resources")} ({List(statement.Resources)}){why}");
        }
        if (statement.Conditions.FirstOrDefault(condition => !ConditionEvaluator.Holds(condition, context)) is { } failed)
        {
            var actual = context.Values(failed.Key);
            return Verdict(false, $"condition {failed.Operator.Name} on {failed.Key} is not met: {(actual.Count == 0 ? "it has no value" : $"it is {string.Join(", ", actual)}")}, wanted {List(failed.Values)}");
        }
        return Verdict(true, "action, resource and conditions match");

        StatementVerdict Verdict(bool matched, string reason) => new(source, index, statement, matched, reason, unresolved);
    }

    private static string List(IReadOnlyList<PolicyPattern> patterns) => string.Join(", ", patterns);
}
