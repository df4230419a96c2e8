using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>
/// A trial of a statement that remembers something, in the messages' own time: a window of an hour ends in an instant. One result a
/// message; one more for what time alone brings about behind the last.
/// </summary>
internal static class StatefulTrial
{
    private const int MaxSteps = 1000;

    public static IReadOnlyList<RuleTrialResult> Run(
        SqlStatement statement, SqlRunOptions options, IReadOnlyList<string> actions, IReadOnlyList<RuleTrialMessage> messages, SqlContext context, TimeProvider time)
    {
        var run = new SqlRun(statement, context, options);
        var results = new List<RuleTrialResult>();
        var now = 0L;
        if (options.EmitsEmpty)
            run.Resume(now = (messages.Count > 0 ? messages[0].Timestamp ?? time.GetUtcNow() : time.GetUtcNow()).ToUnixTimeMilliseconds());
        foreach (var trial in messages)
        {
            if (!RuleTrials.Takes(statement, trial.Topic, out var seen))
            {
                results.Add(NotFired($"the topic {trial.Topic} is none that FROM '{string.Join("', '", statement.Filters)}' takes"));
                continue;
            }
            now = Math.Max(now, (trial.Timestamp ?? time.GetUtcNow()).ToUnixTimeMilliseconds());
            var message = new SqlMessage { Topic = seen, Payload = trial.Payload, ClientId = trial.ClientId, UserProperties = trial.UserProperties, Timestamp = now };
            results.Add(Result(run.Process(message, now, explains: true), run.WhyNot, statement, actions, context));
        }
        var rest = new List<SqlFiring>();
        // Windows that are given though empty have no end: one more.
        for (var step = 0; step < (options.EmitsEmpty ? 1 : MaxSteps) && run.NextDeadline is { } due; step++)
            rest.AddRange(run.Advance(Math.Max(due, now)));
        if (rest.Count > 0)
            results.Add(Result(rest, null, statement, actions, context));
        return results;
    }

    private static RuleTrialResult Result(IReadOnlyList<SqlFiring> firings, string? whyNot, SqlStatement statement, IReadOnlyList<string> actions, SqlContext context)
    {
        if (firings.Select(static firing => firing.Result).OfType<SqlResult.Failed>().FirstOrDefault() is { Failure: var failure })
            return new(false, null, null, false, $"{failure.Function}: {failure.Message}", [], []);
        firings = [.. firings.Where(static firing => !firing.IsLate)];
        if (firings.Count == 0)
            return NotFired(whyNot ?? "no window has ended");
        var outputs = firings.Select(static firing => (SqlResult.Output)firing.Result).ToList();
        return new(true, null, outputs[0].Payload, outputs[0].IsJson, null, [], ActionPreview.Render(actions, statement, firings[0].Message, context))
        {
            More = [.. outputs.Skip(1).Select(static output => output.Payload)],
        };
    }

    private static RuleTrialResult NotFired(string why) => new(false, why, null, false, null, [], []);
}
