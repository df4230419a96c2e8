namespace EdgeGateway.Api;

/// <summary>When this run began: the wall clock for people, the monotonic one for the time since (a Pi sets its clock after the start).</summary>
public sealed class GatewayClock(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public DateTimeOffset StartedAt => time.GetUtcNow() - Uptime;

    public TimeSpan Uptime => time.GetElapsedTime(_started);
}
