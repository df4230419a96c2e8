using Microsoft.Extensions.Time.Testing;

namespace EdgeGateway.Tests.Support;

/// <summary>A wall clock that can be set without any time passing: timers and the monotonic clock do not notice.</summary>
internal sealed class SettableClock(FakeTimeProvider time) : TimeProvider
{
    private TimeSpan _off;

    public override long TimestampFrequency => time.TimestampFrequency;

    public void Set(TimeSpan by) => _off += by;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + _off;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
