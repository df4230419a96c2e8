using System.Collections.Immutable;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Secrets;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.State;
using Microsoft.Extensions.Hosting;

namespace EdgeGateway.Rules;

/// <summary>
/// The rules at work: one subscription per rule in the broker's own index, one runner per rule. A replaced rule's new
/// subscription stands before the old one goes; a message that reaches both in between is taken once, so none is missed or
/// evaluated twice.
/// </summary>
internal sealed partial class RuleEngine : IRules, IHostedService, IDisposable
{
    private readonly IMessageBus _bus;
    private readonly RuleStore _store;
    private readonly RulePlanner _planner;
    private readonly RuleStateStore _states;
    private readonly RuleJournal _journal;
    private readonly IRuleLookups _lookups;
    private readonly Deliveries _deliveries;
    private readonly SecretBox _box;
    private readonly RuleStreams _streams;
    private readonly RulesOptions _options;
    private readonly IReadOnlyList<RuleFile> _files;
    private readonly TimeProvider _time;
    private readonly ILogger<RuleEngine> _logger;

    // Lets one change at a time through, across its write to disk.
    private readonly SemaphoreSlim _changing = new(1);
    private ImmutableSortedDictionary<string, Active> _rules = ImmutableSortedDictionary.Create<string, Active>(StringComparer.Ordinal);
    private IDisposable? _ingest;

    public RuleEngine(
        IMessageBus bus, RuleStore store, RulePlanner planner, IRuleLookups lookups, RulesOptions options, IReadOnlyList<RuleFile> files,
        RuleStateStore states, RuleJournal journal, Deliveries deliveries, SecretBox box, RuleStreams streams, TimeProvider time, ILogger<RuleEngine> logger)
    {
        _streams = streams;
        (_deliveries, _box) = (deliveries, box);
        (_bus, _store, _planner, _lookups, _options, _files, _states, _journal, _time, _logger) = (bus, store, planner, lookups, options, files, states, journal, time, logger);
        deliveries.Refused = RefusedAsync;
    }

    /// <param name="Subscription">Null while the rule is disabled, and for rules without FROM.</param>
    private sealed record Active(Rule Rule, RulePlan Plan, RuleRunner Runner, IDisposable? Subscription);

    public IReadOnlyList<Rule> All => [.. _rules.Values.Select(static active => active.Rule)];

    public Rule? Find(string ruleName) => _rules.GetValueOrDefault(ruleName)?.Rule;

    public RuleStatus? StatusOf(string ruleName) => _rules.GetValueOrDefault(ruleName)?.Runner.Status;

    public IReadOnlyList<ActionStatus> ActionsOf(string ruleName) =>
        _rules.GetValueOrDefault(ruleName) is { } active ? active.Runner.StatusOf(active.Plan, _deliveries.StatusOf) : [];

    public IReadOnlyList<string> WarningsOf(string ruleName) => _rules.GetValueOrDefault(ruleName)?.Plan.Warnings ?? [];

    public string? FilterOf(string ruleName) => PlanOf(ruleName)?.Statement.Filter;

    internal RuleRunner? RunnerOf(string ruleName) => _rules.GetValueOrDefault(ruleName)?.Runner;

    internal RulePlan? PlanOf(string ruleName) => _rules.GetValueOrDefault(ruleName)?.Plan;

    public RuleError? Validate(RuleDefinition definition)
    {
        _planner.Plan(definition, out var error);
        return error;
    }

    /// <exception cref="ConfigurationException">A rule of the configuration has an action that is none.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var faults = new List<ConfigurationFault>();
        foreach (var file in _files)
        {
            if (_planner.Plan(file.Definition, out var error) is { } plan && (error = CircleOf(file.Name, plan)) is null)
                Activate(new Rule(file.Name, file.Definition, _time.GetUtcNow(), file.Place), plan);
            else
                faults.Add(new ConfigurationFault(file.Place, "", error!.Message));
        }
        if (faults.Count > 0)
            throw new ConfigurationException(faults);
        foreach (var rule in _store.Load())
        {
            if (_rules.ContainsKey(rule.Name))
                LogHidden(rule.Name, _rules[rule.Name].Rule.File!);
            else if (_planner.Plan(rule.Definition, out var error) is { } plan && (error = CircleOf(rule.Name, plan)) is null)
                Activate(rule, plan);
            else
                LogUnusable(rule.Name, error!.Message); // made by a version that knew more: kept on disk, not run
        }
        if (_options.IsSafeMode)
            return Task.CompletedTask;
        _deliveries.Start();
        _ingest = _bus.Subscribe($"{RuleTopics.Prefix}#", new IngestSink(this));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _ingest?.Dispose();
        foreach (var active in _rules.Values)
            active.Subscription?.Dispose();
        await Task.WhenAll(_rules.Values.Select(static active => active.Runner.DisposeAsync().AsTask()));
        _rules = _rules.Clear();
        await _deliveries.DisposeAsync();
    }

    public Task<RuleError?> CreateAsync(string ruleName, RuleDefinition definition, CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        if (!Rule.IsValidName(ruleName))
            return new(RuleErrorKind.InvalidRequest, $"{ruleName} is not a rule name: 1 to 128 letters, digits and underscores");
        if (_rules.ContainsKey(ruleName))
            return new(RuleErrorKind.AlreadyExists, $"there is a rule {ruleName} already");
        if (_planner.Plan(definition, out var error) is not { } plan)
            return error;
        if (CircleOf(ruleName, plan) is { } circle)
            return circle;
        var rule = new Rule(ruleName, definition, _time.GetUtcNow(), File: null);
        await _store.SaveAsync(rule);
        if (plan.Statement.Edge is { KeepsState: true })
            await _states.SaveAsync(ruleName, _journal.Now, "{}"u8.ToArray()); // from here on its messages count, whatever happens
        else if (plan.KeepsMessages)
            _journal.Mark(ruleName, _journal.Now); // what an earlier rule of this name left is not its own
        Activate(rule, plan);
        return null;
    }, cancellationToken);

    public Task<RuleError?> ReplaceAsync(string ruleName, RuleDefinition definition, CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        if (Changeable(ruleName, out var refusal) is not { } active)
            return refusal;
        if (_planner.Plan(definition, out var error) is not { } plan)
            return error;
        if (CircleOf(ruleName, plan) is { } circle)
            return circle;
        var rule = active.Rule with { Definition = definition };
        if (active.Plan.Statement.Edge is { KeepsState: true } before && before.Signature != plan.Statement.Edge?.Signature)
            plan = plan with { Warnings = [.. plan.Warnings, "its window or stateful functions are others now: what the rule remembered is dropped"] };
        await _store.SaveAsync(rule);
        if (active.Plan.Statement.Edge is not { KeepsState: true } && plan.Statement.Edge is { KeepsState: true })
            await _states.SaveAsync(ruleName, _journal.Now, "{}"u8.ToArray());
        Activate(rule, plan);
        return null;
    }, cancellationToken);

    public Task<RuleError?> SetEnabledAsync(string ruleName, bool enabled, CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        if (Changeable(ruleName, out var refusal) is not { } active)
            return refusal;
        var rule = active.Rule with { Definition = active.Rule.Definition with { RuleDisabled = !enabled } };
        await _store.SaveAsync(rule);
        Activate(rule, active.Plan);
        return null;
    }, cancellationToken);

    public Task<RuleError?> DeleteAsync(string ruleName, CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        if (Changeable(ruleName, out var refusal) is not { } active)
            return refusal;
        await _store.DeleteAsync(ruleName);
        active.Subscription?.Dispose();
        _rules = _rules.Remove(ruleName);
        await active.Runner.DisposeAsync();
        await _states.DeleteAsync(ruleName);
        _journal.Forget(ruleName);
        await _deliveries.ForgetAsync(ruleName);
        return null;
    }, cancellationToken);

    /// <summary>A rule that is not there or disabled: logged, and the publish stands (AWS guide: SQL reference).</summary>
    /// <returns>What the publisher's acknowledgement waits for.</returns>
    public DurabilityTicket Ingest(string ruleName, RoutedMessage message)
    {
        if (_rules.GetValueOrDefault(ruleName) is not { Rule.Definition.RuleDisabled: false } active)
        {
            LogRuleNotFound(ruleName, message.Sql.Topic);
            return DurabilityTicket.None;
        }
        if (!active.Runner.IsActive(active.Plan))
            return DurabilityTicket.None;
        if (!active.Plan.KeepsMessages)
        {
            active.Runner.Enqueue(active.Plan, message);
            return DurabilityTicket.None;
        }
        lock (active.Runner.Intake)
        {
            var ticket = _journal.Append(ruleName, message.View, out var position);
            active.Runner.Enqueue(active.Plan, message, position);
            return ticket;
        }
    }

    public void Dispose() => _changing.Dispose();

    private void Activate(Rule rule, RulePlan plan)
    {
        var before = _rules.GetValueOrDefault(rule.Name);
        var runner = before?.Runner ?? new RuleRunner(rule.Name, Context(), _options, _time, _logger, _states, _journal, plan, _box.Mask);
        foreach (var stored in plan.Stored)
            stored.Open(rule.Name);
        var subscription = rule.Definition.RuleDisabled || _options.IsSafeMode ? null : Subscribe(runner, plan);
        runner.SetInForce(rule.Definition.RuleDisabled || _options.IsSafeMode ? null : plan);
        before?.Subscription?.Dispose();
        if (before is not null)
            runner.Begin(plan);
        _rules = _rules.SetItem(rule.Name, new Active(rule, plan, runner, subscription));
        foreach (var warning in plan.Warnings)
            LogWarning(rule.Name, warning);
    }

    private IDisposable? Subscribe(RuleRunner runner, RulePlan plan)
    {
        if (plan.Statement.Source is { Timer: { } schedule })
            return new RuleTimer(runner, plan, schedule, _time);
        if (plan.Statement.Source is { } stream)
            return _streams.Subscribe(stream.Text, message => runner.Enqueue(plan, message));
        var journal = plan.KeepsMessages ? _journal : null;
        return plan.Statement.Filters.Count == 0 ? null : new Subscriptions([.. plan.Statement.Filters.Select(filter => _bus.Subscribe(filter, new RuleSink(runner, plan, journal)))]);
    }

    private sealed class Subscriptions(IReadOnlyList<IDisposable> parts) : IDisposable
    {
        public void Dispose()
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }

    private SqlContext Context() => new()
    {
        AccountId = _options.AccountId,
        Region = _options.Region,
        Time = _time,
        Lookups = _lookups,
        Limits = SqlLimits.Default with { MaxTime = _options.EvaluationTime },
    };

    private async Task RefusedAsync(string ruleName, DeliveryItem item, RuleErrorDocument.Entry failure)
    {
        if (_rules.GetValueOrDefault(ruleName) is not { } active)
            return;
        var message = new SqlMessage { Topic = item.Topic, Payload = item.Payload, ClientId = item.ClientId, Timestamp = item.StoredAt, TraceId = item.TraceId };
        await active.Runner.RefusedAsync(active.Plan, RoutedMessage.Of(message, new MessageOrigin($"rule:{ruleName}", item.Hops)), failure);
    }

    // Streams join rules without the broker's count of hops in between, so a circle is refused when it would be closed.
    private RuleError? CircleOf(string ruleName, RulePlan plan)
    {
        if (plan.Statement.Source is not { Timer: null } source)
            return null;
        var plans = _rules.ToDictionary(static pair => pair.Key, static pair => pair.Value.Plan, StringComparer.Ordinal);
        plans[ruleName] = plan;
        var open = new Queue<(string Stream, string Way)>(Emitted(plan).Select(stream => (stream, $"{ruleName} → {stream}")));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryDequeue(out var next))
        {
            if (next.Stream == source.Text)
                return new(RuleErrorKind.InvalidRequest, $"emit would close a circle: {next.Way} → {ruleName}");
            if (!seen.Add(next.Stream))
                continue;
            foreach (var (name, other) in plans.Where(pair => pair.Value.Statement.Source is { Timer: null } from && from.Text == next.Stream))
                foreach (var stream in Emitted(other))
                    open.Enqueue((stream, $"{next.Way} → {name} → {stream}"));
        }
        return null;
    }

    private static IEnumerable<string> Emitted(RulePlan plan) =>
        plan.Actions.Append(plan.ErrorAction).Append(plan.LateAction).OfType<ActionUnderRole>().Select(static action => action.Inner).OfType<EmitAction>().Select(static action => action.Stream);

    private Active? Changeable(string ruleName, out RuleError? refusal)
    {
        var active = _rules.GetValueOrDefault(ruleName);
        refusal = active switch
        {
            null => new(RuleErrorKind.NotFound, $"there is no rule {ruleName}"),
            { Rule.File: { } file } => new(RuleErrorKind.Conflict, $"the rule {ruleName} belongs to {file}; change it there"),
            _ => null,
        };
        return refusal is null ? active : null;
    }

    private async Task<RuleError?> ChangeAsync(Func<Task<RuleError?>> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    [LoggerMessage(7010, LogLevel.Warning, "The stored rule {Rule} is hidden by the one of {File}")]
    private partial void LogHidden(string rule, string file);

    [LoggerMessage(7011, LogLevel.Error, "The stored rule {Rule} does not run: {Error}")]
    private partial void LogUnusable(string rule, string error);

    [LoggerMessage(7012, LogLevel.Warning, "Rule {Rule}: {Warning}")]
    private partial void LogWarning(string rule, string warning);

    [LoggerMessage(7013, LogLevel.Information, "RuleNotFound: Basic Ingest to {Rule} on {Topic}")]
    private partial void LogRuleNotFound(string rule, string topic);
}
