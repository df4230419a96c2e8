using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <inheritdoc cref="IRuleTrials"/>
internal sealed class RuleTrials(RulePlanner planner, IRuleLookups lookups, RulesOptions options, TimeProvider time) : IRuleTrials
{
    // A person waits, so the limit of a busy broker does not apply; the budget of steps does.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public IReadOnlyList<RuleTrialResult>? Run(RuleDefinition definition, IReadOnlyList<RuleTrialMessage> messages, out RuleError? error)
    {
        if (planner.Plan(definition, out error) is not { } plan)
            return null;
        var context = new SqlContext
        {
            AccountId = options.AccountId,
            Time = time,
            Lookups = new DryRunLookups(lookups),
            Limits = SqlLimits.Default with { MaxTime = Patience },
        };
        if (plan.Schedule is { } schedule)
        {
            var late = messages.Select(static message => message.Timestamp).OfType<DateTimeOffset>().Append(time.GetUtcNow()).First();
            if (!schedule.IsActive(late.ToUnixTimeMilliseconds()))
                return [.. messages.Select(message => new RuleTrialResult(false, $"the schedule keeps the rule from messages at {late:u}", null, false, null, [], []))];
        }
        return plan.Statement.IsStateful
            ? StatefulTrial.Run(plan.Statement, plan.Run, definition.Actions, messages, context, time)
            : [.. messages.Select(message => Run(plan.Statement, definition.Actions, message, context, time))];
    }

    public IReadOnlyList<string> Lint(RuleDefinition definition) => planner.Plan(definition, out _)?.Warnings ?? [];

    internal static RuleTrialResult Run(SqlStatement statement, IReadOnlyList<string> actions, RuleTrialMessage trial, SqlContext context, TimeProvider time)
    {
        if (!Takes(statement, trial.Topic, out var seen))
            return new(false, $"the topic {trial.Topic} is none that FROM '{string.Join("', '", statement.Filters)}' takes", null, false, null, [], []);
        var message = new SqlMessage
        {
            Topic = seen,
            Payload = trial.Payload,
            ClientId = trial.ClientId,
            UserProperties = trial.UserProperties,
            Timestamp = (trial.Timestamp ?? time.GetUtcNow()).ToUnixTimeMilliseconds(),
        };
        var explained = statement.Explain(message, context);
        return explained.Result switch
        {
            SqlResult.Output output => new(true, null, output.Payload, output.IsJson, null, explained.Notes, ActionPreview.Render(actions, statement, message, context)),
            SqlResult.Failed { Failure: var failure } => new(false, null, null, false, $"{failure.Function}: {failure.Message}", [], []),
            _ => new(false, explained.WhyNot, null, false, null, [], []),
        };
    }

    internal static bool Takes(SqlStatement statement, string? topic, out string seen)
    {
        seen = topic ?? "";
        if (topic is null || RuleTopics.TryBasicIngest(topic, out _, out seen))
            return true;
        seen = topic;
        return statement.Filters.Count == 0 || RuleTopics.Listens(statement, topic);
    }
}
