using System.Text.Json;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>Judges a definition and makes its plan (AWS IoT API, TopicRulePayload).</summary>
internal sealed class RulePlanner(RuleActions actions, TimeProvider time)
{
    private const int MaxActions = 10;

    public RulePlan? Plan(RuleDefinition definition, out RuleError? error)
    {
        error = null;
        if (!SqlVersions.TryParse(definition.AwsIotSqlVersion, out var version))
        {
            error = new(RuleErrorKind.InvalidRequest, $"awsIotSqlVersion is {definition.AwsIotSqlVersion}, expected {SqlVersions.Names}");
            return null;
        }
        var parsed = SqlStatement.Parse(definition.Sql, version);
        if (!parsed.Succeeded)
        {
            error = new(RuleErrorKind.SqlParse, parsed.Error.ToString());
            return null;
        }
        var run = EventTimeOptions.Read(definition.EventTime, version, out error);
        if (error is not null || Options(definition, parsed.Statement, ref run) is { } wrong && (error = wrong) is not null)
            return null;
        var schedule = RuleSchedule.Read(definition.Schedule, version, time.LocalTimeZone, out error);
        if (error is not null)
            return null;
        if (definition.Actions.Count > MaxActions)
        {
            error = new(RuleErrorKind.InvalidRequest, $"a rule has at most {MaxActions} actions");
            return null;
        }
        try
        {
            var made = definition.Actions.Select((action, i) => actions.Create($"actions[{i}]", action, version)).ToList();
            var errorAction = definition.ErrorAction is { } json ? actions.Create("errorAction", json, version) : null;
            var lateAction = definition.LateAction is { } late ? actions.Create("lateAction", late, version) : null;
            if (lateAction is ActionUnderRole { Inner: Delivery.StoredAction })
                throw new ActionSyntaxException(RuleErrorKind.InvalidRequest, "lateAction does not store and forward; emit to a rule whose actions do");
            if ((parsed.Statement.IsStateful || parsed.Statement.UsesLookups) && made.OfType<ActionUnderRole>().Any(static action => action.Shape?.Batch is not null))
                throw new ActionSyntaxException(RuleErrorKind.InvalidRequest, "batch goes with rules that take each message for itself; a COUNTWINDOW with collect(*) gathers too");
            return new RulePlan(parsed.Statement, made, errorAction) { Run = run, LateAction = lateAction, Schedule = schedule, Warnings = [.. Warnings(parsed.Statement, made)] };
        }
        catch (ActionSyntaxException ex)
        {
            error = new(ex.Kind, ex.Message);
        }
        catch (JsonException ex)
        {
            error = new(RuleErrorKind.InvalidRequest, $"an action is not JSON: {ex.Message}");
        }
        return null;
    }

    private static RuleError? Options(RuleDefinition definition, SqlStatement statement, ref SqlRunOptions run)
    {
        if (definition.EmitEmpty && statement.Edge?.Window is not { Kind: SqlWindowKind.Hopping })
            return new(RuleErrorKind.InvalidRequest, "emitEmpty needs a TUMBLINGWINDOW or HOPPINGWINDOW (awsIotSqlVersion edge-1)");
        if (definition.EmitEmpty && statement.Edge!.GroupBy.Count > 0)
            return new(RuleErrorKind.InvalidRequest, "emitEmpty does not go with keys in GROUP BY: of a window without messages no key is known");
        if (definition.LateAction is not null && (run.EventTime is null || statement.Edge?.Window is not { Kind: SqlWindowKind.Hopping }))
            return new(RuleErrorKind.InvalidRequest, "lateAction needs eventTime and a TUMBLINGWINDOW or HOPPINGWINDOW: nothing is late else");
        run = run with { EmitsEmpty = definition.EmitEmpty, WantsLate = definition.LateAction is not null };
        return null;
    }

    private static IEnumerable<string> Warnings(SqlStatement statement, List<IRuleAction> actions) =>
        SqlLint.Of(statement).Select(static finding => finding.ToString()).Concat(SelfFeeding(statement, actions));

    private static IEnumerable<string> SelfFeeding(SqlStatement statement, List<IRuleAction> actions) =>
        from republish in actions.OfType<ActionUnderRole>().Select(static action => action.Inner).OfType<RepublishAction>()
        where republish.LiteralTopic is { } topic && statement.Filters.Any(filter => Topics.Matches(filter, topic))
        select $"the rule republishes to {republish.LiteralTopic}, which its own FROM takes: it feeds itself";
}
