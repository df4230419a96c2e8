using System.Text.Json;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>Judges a definition and makes its plan (rules.md §2).</summary>
internal sealed class RulePlanner(RuleActions actions)
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
            return new RulePlan(parsed.Statement, made, errorAction) { Run = run, Warnings = [.. Warnings(parsed.Statement, made)] };
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

    private static IEnumerable<string> Warnings(SqlStatement statement, List<IRuleAction> actions) =>
        SqlLint.Of(statement).Select(static finding => finding.ToString()).Concat(SelfFeeding(statement, actions));

    private static IEnumerable<string> SelfFeeding(SqlStatement statement, List<IRuleAction> actions) =>
        from republish in actions.OfType<ActionUnderRole>().Select(static action => action.Inner).OfType<RepublishAction>()
        where republish.LiteralTopic is { } topic && statement.Filters.Any(filter => Topics.Matches(filter, topic))
        select $"the rule republishes to {republish.LiteralTopic}, which its own FROM takes: it feeds itself";
}
