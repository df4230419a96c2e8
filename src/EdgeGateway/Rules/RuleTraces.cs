using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <inheritdoc cref="IRuleTraces"/>
internal sealed class RuleTraces(RuleEngine engine, RulePlanner planner) : IRuleTraces
{
    public IAsyncEnumerable<RuleTraceEntry>? Watch(string ruleName, CancellationToken cancellationToken) =>
        engine.RunnerOf(ruleName)?.Tracer.Watch(cancellationToken);

    public IReadOnlyList<RuleTraceEntry>? Recorded(string ruleName) => engine.RunnerOf(ruleName) is { } runner && engine.PlanOf(ruleName) is { } plan
        ? Explain(runner, plan)
        : null;

    public IReadOnlyList<RuleTraceEntry>? Replay(string ruleName, RuleDefinition definition, out RuleError? error)
    {
        error = null;
        if (engine.RunnerOf(ruleName) is not { } runner)
            return null;
        return planner.Plan(definition, out error) is { } plan ? Explain(runner, plan) : [];
    }

    // A statement that remembers something begins anew with the oldest recorded message.
    private static List<RuleTraceEntry> Explain(RuleRunner runner, RulePlan plan)
    {
        if (!plan.Statement.IsStateful)
            return [.. runner.Recorder.Read().Select(message => RuleTracer.Explain(plan.Statement, runner.Context, message, TimeSpan.Zero))];
        var run = new SqlRun(plan.Statement, runner.Context with { Lookups = new DryRunLookups(runner.Context.Lookups) }, plan.Run);
        var entries = new List<RuleTraceEntry>();
        foreach (var message in runner.Recorder.Read())
        {
            var firings = run.Process(message, message.Timestamp, explains: true);
            if (firings.Count == 0)
                entries.Add(RuleTracer.Entry(message, SqlResult.NoMatch.Instance, run.WhyNot, TimeSpan.Zero));
            entries.AddRange(firings.Select(static firing => RuleTracer.Entry(firing.Message, firing.Result, whyNot: null, TimeSpan.Zero)));
        }
        return entries;
    }
}
