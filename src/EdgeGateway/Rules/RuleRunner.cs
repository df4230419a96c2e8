using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.State;

namespace EdgeGateway.Rules;

/// <summary>
/// One rule at work: a bounded queue, and a loop that evaluates its messages in order and starts their actions in that order.
/// Actions of several messages may be under way at once, so that table rows of a burst share a commit; a statement that asks
/// tables or shadows waits for the message before, since it may ask what that one wrote. A rule that is slow or fails touches
/// no other rule and never the publisher.
/// </summary>
internal sealed partial class RuleRunner : IAsyncDisposable
{
    private readonly string _name;
    private readonly SqlContext _context;
    private readonly RulesOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RuleCounters _counters;
    private readonly Channel<RuleWork> _queue;
    private readonly SqlContext _prefilterContext;
    private readonly RuleMemory _memory;
    private readonly RuleJournal _journal;
    private readonly ITimer _timer;
    private IReadOnlyList<RuleJournal.Entry> _backlog = [];
    private readonly RulePlan? _restored;
    private readonly Func<string, string> _mask;
    private readonly ConcurrentDictionary<string, ActionCounters> _actions = new(StringComparer.Ordinal);
    private RulePlan? _latest;
    private volatile RulePlan? _inForce;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    /// <param name="mask">Takes secrets out of words meant for people.</param>
    /// <param name="restored">A stateful rule that may have a state on disk; null: one that begins now.</param>
    public RuleRunner(string name, SqlContext context, RulesOptions options, TimeProvider time, ILogger logger, RuleStateStore? states, RuleJournal journal, RulePlan? restored, Func<string, string> mask)
    {
        _mask = mask;
        _journal = journal;
        _prefilterContext = context with { Limits = context.Limits with { MaxSteps = 2000, MaxTime = TimeSpan.FromMilliseconds(2) } };
        _memory = new RuleMemory(name, context, states, journal);
        _timer = time.CreateTimer(static runner => ((RuleRunner)runner!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        (_name, _context, _options, _time, _logger) = (name, context, options, time, logger);
        _counters = new RuleCounters(time);
        Recorder = new RuleRecorder(options.RecordedMessages, options.RecordedBytes);
        // Full: the newest is dropped, counted and logged; the publisher never waits for a rule.
        _queue = Channel.CreateBounded<RuleWork>(
            new BoundedChannelOptions(options.QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _restored = restored;
        if (restored is { Statement.IsStateful: true })
        {
            _backlog = _memory.Restore(restored);
            _latest = restored;
        }
        else if (restored is { KeepsMessages: true })
        {
            _backlog = journal.ReadUndone(name);
        }
        _loop = Task.Run(RunAsync);
    }

    public string Name => _name;

    /// <summary>Held while a message goes into the journal and the queue, so that both have one order.</summary>
    public Lock Intake { get; } = new();

    public SqlContext Context => _context;

    public RuleRecorder Recorder { get; }

    public RuleTracer Tracer { get; } = new();

    /// <summary>Whether the rule's schedule lets it see messages now.</summary>
    public bool IsActive(RulePlan plan) => plan.Schedule is not { } schedule || schedule.IsActive(_time.GetUtcNow().ToUnixTimeMilliseconds());

    public RuleStatus Status => _counters.Read(_queue.Reader.Count);

    /// <summary>In order of the plan, the error action last.</summary>
    public IReadOnlyList<ActionStatus> StatusOf(RulePlan plan, Func<DeliveryName, DeliveryStatus?> queues) =>
    [
        .. plan.Actions.Concat(((IRuleAction?[])[plan.LateAction, plan.ErrorAction]).OfType<IRuleAction>()).Select(action => CountersOf(action).Read(RulePlan.IsStored(action) ? queues(new(_name, ((ActionUnderRole)action).Place, action.FailureName)) : null)),
    ];

    // An action of another kind in its place counts anew.
    private ActionCounters CountersOf(IRuleAction action)
    {
        var place = action is ActionUnderRole under ? under.Place : action.FailureName;
        if (_actions.TryGetValue(place, out var counters) && counters.Action == action.FailureName)
            return counters; // hot: nothing allocated
        return _actions.AddOrUpdate(place, key => new(key, action.FailureName, _time), (key, known) => known.Action == action.FailureName ? known : new(key, action.FailureName, _time));
    }

    /// <summary>On the publisher's thread: whether this message ends here, because its WHERE is not true.</summary>
    /// <remarks>Hot path: 0 bytes allocated. Not while somebody watches: a trace wants the reason.</remarks>
    public bool TryPassOver(RulePlan plan, in MessageView message)
    {
        if (Tracer.IsWatched)
            return false;
        var started = _time.GetTimestamp();
        if (RulePrefilter.MayPass(plan.Statement, _prefilterContext, message))
            return false;
        _counters.PassedOver(_time.GetElapsedTime(started));
        Recorder.Add(message);
        return true;
    }

    /// <summary>On the publisher's thread: never blocks, never throws.</summary>
    public void Enqueue(RulePlan plan, RoutedMessage message, long position = -1)
    {
        if (!IsActive(plan))
            return;
        _counters.Matched();
        if (_queue.Writer.TryWrite(new RuleWork(plan, message, position, 0)))
            return;
        _counters.Dropped();
        LogDropped(_name, _options.QueueLength);
    }

    /// <summary>Takes nothing more, runs what is queued, then ends; actions still under way at the limit are given up.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        var finished = await Task.WhenAny(_loop, Task.Delay(TimeSpan.FromSeconds(5), _time));
        if (finished != _loop)
            await _stopping.CancelAsync();
        await _loop;
        await _timer.DisposeAsync();
        Tracer.Complete();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var underWay = new Queue<(Task Task, long Position)>();
        foreach (var (position, message) in _backlog)
        {
            if (_restored!.Statement.IsStateful)
                await RememberAsync(new RuleWork(_latest!, message, position, 0));
            else
                await HandleAsync(_restored, message, position, isReplay: true);
        }
        if (_backlog.Count > 0 && !_restored!.Statement.IsStateful)
            Done(_backlog[^1].Position);
        _backlog = [];
        var resumedAt = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _memory.Resume(resumedAt);
        await _memory.SaveAsync(resumedAt);
        Schedule();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var next))
            {
                if (next.Plan.Statement.IsStateful)
                {
                    await RememberAsync(next);
                    continue;
                }
                underWay.Enqueue((HandleAsync(next.Plan, next.Message!, next.Position), next.Position));
                var most = next.Plan.Statement.UsesLookups ? 0 : _options.MessagesInFlight;
                while (underWay.Count > most || (underWay.Count > 0 && underWay.Peek().Task.IsCompleted))
                    await FirstAsync(underWay);
            }
            // A burst is over: what it stored need not be looked at again after a crash.
            while (_queue.Reader.Count == 0 && underWay.Count > 0 && underWay.Peek().Position >= 0)
                await FirstAsync(underWay);
        }
        while (underWay.Count > 0)
            await FirstAsync(underWay);
        await _memory.SaveAsync(_time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private async Task FirstAsync(Queue<(Task Task, long Position)> underWay)
    {
        var (task, position) = underWay.Dequeue();
        await task;
        Done(position);
    }

    // Of a rule that remembers nothing but stores what it sends: everything through this position is stored.
    private void Done(long position)
    {
        if (position < 0)
            return;
        _journal.Mark(_name, position, urgent: false);
        _journal.Saved(_name, position);
    }

    private async Task HandleAsync(RulePlan plan, RoutedMessage message, long position = -1, bool isReplay = false)
    {
        try
        {
            var started = _time.GetTimestamp();
            var asked = Tracer.IsWatched ? new RememberedLookups(_context.Lookups) : null;
            var result = Evaluate(plan, message, asked is null ? _context : _context with { Lookups = asked });
            var elapsed = _time.GetElapsedTime(started);
            _counters.Evaluated(elapsed, result is SqlResult.Output);
            Recorder.Add(message);
            if (asked is not null)
                Tracer.Show(RuleTracer.Explain(plan.Statement, _context, message.Sql, elapsed, asked));
            await FinishAsync(plan, message, result, position, isReplay);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            LogGivenUp(_name, message.Sql.Topic);
        }
    }

    private async Task FinishLateAsync(RulePlan plan, RoutedMessage message, SqlResult.Output output)
    {
        if (plan.LateAction is not { } action)
            return;
        var firing = new RuleFiring(_name, message.Sql, plan.Statement, _context, output.Payload, output.IsJson, message.Origin.Hops) { StoredAt = _time.GetUtcNow().ToUnixTimeMilliseconds() };
        if (await TryAsync(action, firing) is { } failure)
            await ReportAsync(plan, message, [failure]);
    }

    private async Task FinishAsync(RulePlan plan, RoutedMessage message, SqlResult result, long position, bool isReplay = false)
    {
        if (result is SqlResult.NoMatch)
            return;
        List<RuleErrorDocument.Entry>? failures = null;
        if (result is SqlResult.Output output)
            failures = await RunActionsAsync(plan, message, output, position, isReplay);
        else if (result is SqlResult.Failed { Failure: var failure })
            failures = [new(failure.Function, new(message.Sql.Topic, failure.Message, failure.IsLimit ? "Limit" : "FunctionFailed", IsRecoverable: false), 1, _time.GetUtcNow())];
        if (failures is not null)
            await ReportAsync(plan, message, failures);
    }

    private SqlResult Evaluate(RulePlan plan, RoutedMessage message, SqlContext context)
    {
        try
        {
            return plan.Statement.Evaluate(message.Sql, context);
        }
#pragma warning disable CA1031 // a fault of the evaluator is this message's failure: the rule goes on with the next
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogEvaluationThrew(ex, _name);
            return new SqlResult.Failed(new SqlFailure("sql", ex.Message, IsLimit: false));
        }
    }

    // All are started before the first is waited for: one that is slow does not hold up the others.
    private async ValueTask<List<RuleErrorDocument.Entry>?> RunActionsAsync(RulePlan plan, RoutedMessage message, SqlResult.Output output, long position, bool isReplay)
    {
        var firing = new RuleFiring(_name, message.Sql, plan.Statement, _context, output.Payload, output.IsJson, message.Origin.Hops)
        {
            StoredAt = _time.GetUtcNow().ToUnixTimeMilliseconds(),
            Source = position,
            IsReplay = isReplay,
        };
        // Of a message taken once more after a crash only what is stored is done: the rest may have been done before it.
        var actions = isReplay ? [.. plan.Actions.Where(RulePlan.IsStored)] : plan.Actions;
        if (actions.Count == 1)
            return await TryAsync(actions[0], firing) is { } only ? [only] : null;
        var tasks = actions.Select(action => TryAsync(action, firing)).ToArray();
        List<RuleErrorDocument.Entry>? failures = null;
        foreach (var task in tasks)
        {
            if (await task is { } failure)
                (failures ??= []).Add(failure);
        }
        return failures;
    }

    private async Task<RuleErrorDocument.Entry?> TryAsync(IRuleAction action, RuleFiring firing)
    {
        var counters = CountersOf(action);
        var started = _time.GetTimestamp();
        counters.Begin();
        var error = "it was given up at the stop of the gateway";
        try
        {
            var failure = await TryAgainAsync(action, firing);
            error = failure is null ? null : _mask(failure.Failure.Message);
            return failure;
        }
        finally
        {
            counters.End(_time.GetElapsedTime(started), error);
        }
    }

    private async Task<RuleErrorDocument.Entry?> TryAgainAsync(IRuleAction action, RuleFiring firing)
    {
        DateTimeOffset? firstErrorAt = null;
        var pause = _options.FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            if (await ExecuteAsync(action, firing) is not { } failure)
            {
                _counters.ActionSucceeded();
                return null;
            }
            firstErrorAt ??= _time.GetUtcNow();
            if (!failure.IsRecoverable || attempt >= _options.Tries)
                return new(action.FailureName, failure, attempt, firstErrorAt.Value);
            await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), _time, _stopping.Token);
            pause *= 2;
        }
    }

    private async Task<RuleActionFailure?> ExecuteAsync(IRuleAction action, RuleFiring firing)
    {
        try
        {
            return await action.ExecuteAsync(firing, _stopping.Token);
        }
        catch (RuleTemplateException ex)
        {
            return new(ex.Parameter, ex.Message, "BadTemplate", IsRecoverable: false);
        }
        // A busy or full disk may have room again; SQLITE_BUSY 5, IOERR 10, FULL 13.
        catch (Exception ex) when (ex is IOException or Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 5 or 10 or 13 })
        {
            return new(action.FailureName, ex.Message, "DiskFailed", IsRecoverable: true);
        }
#pragma warning disable CA1031 // whatever an action throws is that action's failure: no other action, message or rule may feel it
        catch (Exception ex) when (ex is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogActionThrew(ex, _name, action.FailureName);
            return new(action.FailureName, ex.Message, ex.GetType().Name, IsRecoverable: false);
        }
    }

    /// <summary>A stored message was given up: counted, and told to the error action of the present definition.</summary>
    public Task RefusedAsync(RulePlan plan, RoutedMessage message, RuleErrorDocument.Entry failure) => ReportAsync(plan, message, [failure]);

    private async Task ReportAsync(RulePlan plan, RoutedMessage message, List<RuleErrorDocument.Entry> failures)
    {
        failures = [.. failures.Select(entry => entry with { Failure = entry.Failure with { Message = _mask(entry.Failure.Message), Resource = _mask(entry.Failure.Resource) } })];
        foreach (var (action, failure, _, _) in failures)
        {
            _counters.Failed($"{action} on {failure.Resource}: {failure.Message}");
            LogFailed(_name, action, failure.Resource, failure.Message, message.Sql.TraceId);
        }
        if (plan.ErrorAction is not { } errorAction)
            return;
        var document = RuleErrorDocument.Write(_name, message, failures);
        // External functions are not allowed in error actions (AWS guide: SQL functions).
        var context = _context with { Lookups = NoLookups.InErrorActions };
        var firing = new RuleFiring(_name, message.Sql, plan.Statement, context, document, IsJson: true, message.Origin.Hops) { StoredAt = _time.GetUtcNow().ToUnixTimeMilliseconds() };
        if (await TryAsync(errorAction, firing) is not { } second)
            return;
        // Logged and counted, never recursive.
        _counters.Failed($"error action {second.Action} on {second.Failure.Resource}: {second.Failure.Message}");
        LogErrorActionFailed(_name, second.Action, second.Failure.Resource, second.Failure.Message);
    }

    [LoggerMessage(7001, LogLevel.Warning, "Rule {Rule} has {Length} messages waiting; a new one was dropped")]
    private partial void LogDropped(string rule, int length);

    [LoggerMessage(7002, LogLevel.Warning, "Rule {Rule}: {Action} on {Resource} failed: {Error} (trace {TraceId})")]
    private partial void LogFailed(string rule, string action, string resource, string error, string traceId);

    [LoggerMessage(7003, LogLevel.Warning, "Rule {Rule}: its error action {Action} on {Resource} failed too: {Error}")]
    private partial void LogErrorActionFailed(string rule, string action, string resource, string error);

    [LoggerMessage(7004, LogLevel.Error, "Rule {Rule}: {Action} broke off")]
    private partial void LogActionThrew(Exception exception, string rule, string action);

    [LoggerMessage(7006, LogLevel.Error, "Rule {Rule}: its evaluation broke off")]
    private partial void LogEvaluationThrew(Exception exception, string rule);

    [LoggerMessage(7005, LogLevel.Warning, "Rule {Rule}: a message on {Topic} was given up at the stop of the gateway")]
    private partial void LogGivenUp(string rule, string topic);
}
