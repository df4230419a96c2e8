using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>A rule's own clock: gives it the message <c>{}</c> when its schedule says so (docs/rules.md).</summary>
/// <remarks>
/// What fell due while the gateway was off is not made up for, and a clock that is set forward over several moments fires once. It looks
/// again every minute, since the wall clock of a Pi may jump when it hears the time.
/// </remarks>
internal sealed class RuleTimer : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private static readonly byte[] Payload = "{}"u8.ToArray();
    private readonly RuleRunner _runner;
    private readonly RulePlan _plan;
    private readonly CronSchedule _schedule;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new(); // guards the moment that is due: a late call of the timer must not fire it twice
    private DateTimeOffset? _due;

    public RuleTimer(RuleRunner runner, RulePlan plan, CronSchedule schedule, TimeProvider time)
    {
        (_runner, _plan, _schedule, _time) = (runner, plan, schedule, time);
        _timer = time.CreateTimer(static timer => ((RuleTimer)timer!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
            Arm(time.GetUtcNow());
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (_due <= now)
                _runner.Enqueue(_plan, RoutedMessage.Of(new SqlMessage { Topic = "", Payload = Payload, Timestamp = now.ToUnixTimeMilliseconds() }, MessageOrigin.Broker));
            Arm(now);
        }
    }

    private void Arm(DateTimeOffset now)
    {
        _due = _schedule.After(now, _time.LocalTimeZone);
        if (_due is not { } due)
            return;
        var wait = due - now;
        _timer.Change(wait < MaxWait ? wait : MaxWait, Timeout.InfiniteTimeSpan);
    }
}
