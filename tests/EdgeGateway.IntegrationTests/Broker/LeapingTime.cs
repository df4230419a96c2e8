namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>Time that is made to leap: what has been waited for is over, while timers tick on as they do.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _leapt;

    public void Leap(TimeSpan by) => Interlocked.Add(ref _leapt, by.Ticks);

    public override long GetTimestamp() => System.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _leapt)).TotalSeconds * System.TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _leapt));
}
