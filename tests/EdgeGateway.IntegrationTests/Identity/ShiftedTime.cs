namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>A wall clock that is wrong by an amount that may change; intervals and timers are right.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    private long _shift = shift.Ticks;

    public static ShiftedTime At(DateTimeOffset now) => new(now - System.GetUtcNow());

    public void StepBy(TimeSpan step) => Interlocked.Add(ref _shift, step.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));
}
