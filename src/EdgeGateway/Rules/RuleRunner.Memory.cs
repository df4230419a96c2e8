using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <content>Statements that remember something: one message at a time, and the time by itself.</content>
internal sealed partial class RuleRunner
{
    private void Tick()
    {
        if (_latest is not { } plan || !ReferenceEquals(plan, _inForce))
            return; // disabled, or replaced by one that remembers nothing: nothing fires by time
        // No room among the messages: the next of them schedules anew.
        _queue.Writer.TryWrite(new RuleWork(plan, Message: null, Position: -1, _time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    /// <summary>Which definition fires; null while the rule is disabled. Enabled again, what fell due meanwhile fires then.</summary>
    public void SetInForce(RulePlan? plan) => _inForce = plan;

    /// <summary>A definition that remembers something takes the present one's place, in the order of the messages.</summary>
    public void Begin(RulePlan plan)
    {
        if (plan.Statement.IsStateful)
            _queue.Writer.TryWrite(new RuleWork(plan, Message: null, Position: -1, _time.GetUtcNow().ToUnixTimeMilliseconds(), Begins: true));
    }

    private void Schedule()
    {
        if (_memory.NextDeadline is not { } due)
            return;
        var wait = due - _time.GetUtcNow().ToUnixTimeMilliseconds();
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 1, 3_600_000)), Timeout.InfiniteTimeSpan);
    }

    private async Task RememberAsync(RuleWork work)
    {
        if (work is { Message: null, Begins: false } && !ReferenceEquals(work.Plan, _inForce))
            return;
        try
        {
            _latest = work.Plan;
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            if (!_memory.Use(work.Plan, now))
                LogForgot(_name);
            if (work.Begins)
            {
                Schedule();
                return;
            }
            var started = _time.GetTimestamp();
            var watched = Tracer.IsWatched;
            var firings = work.Message is { } message ? _memory.Process(message.Sql, work.Position, watched) : _memory.Advance(work.Now);
            await FireAsync(work, firings, _time.GetElapsedTime(started), watched);
            await _memory.SaveIfDueAsync(now);
            Schedule();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            LogGivenUp(_name, work.Message?.Sql.Topic ?? "-");
        }
#pragma warning disable CA1031 // a fault of the evaluator is this message's failure: the rule goes on with the next
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogEvaluationThrew(ex, _name);
            _counters.Failed(ex.Message);
        }
    }

    private async Task FireAsync(RuleWork work, IReadOnlyList<SqlFiring> firings, TimeSpan elapsed, bool watched)
    {
        if (work.Message is { } taken)
        {
            _counters.Evaluated(elapsed, firings.Any(static firing => firing is { IsLate: false, Result: SqlResult.Output }));
            Recorder.Add(taken);
        }
        else if (firings.Any(static firing => firing.Result is SqlResult.Output))
        {
            _counters.FiredByTime();
        }
        // Of a message taken once more after a crash, whose actions were done before it.
        if (work.Position >= 0 && work.Position <= _memory.Done)
            return;
        var origin = work.Message?.Origin ?? MessageOrigin.Broker;
        foreach (var firing in firings)
        {
            var (message, result) = firing;
            var routed = work.Message is { } own && ReferenceEquals(own.Sql, message) ? own : RoutedMessage.Of(message, origin);
            if (firing.IsLate)
                await FinishLateAsync(work.Plan, routed, (SqlResult.Output)result);
            else
                await FinishAsync(work.Plan, routed, result, work.Position);
        }
        if (watched)
            Show(work, firings, elapsed);
        if (firings.Count > 0)
            _journal.Mark(_name, work.Position);
    }

    private void Show(RuleWork work, IReadOnlyList<SqlFiring> firings, TimeSpan elapsed)
    {
        if (work.Message is { } message && firings.Count == 0)
            Tracer.Show(RuleTracer.Entry(message.Sql, SqlResult.NoMatch.Instance, _memory.Run?.WhyNot, elapsed));
        foreach (var (seen, result) in firings.Where(static firing => !firing.IsLate))
            Tracer.Show(Masked(RuleTracer.Entry(seen, result, whyNot: null, elapsed)));
    }

    private RuleTraceEntry Masked(RuleTraceEntry entry) => entry with { Output = entry.Output is { } output ? _mask(output) : null, Error = entry.Error is { } error ? _mask(error) : null };

    [LoggerMessage(7014, LogLevel.Information, "Rule {Rule}: its window or stateful functions are others now; what it remembered is dropped")]
    private partial void LogForgot(string rule);
}
