namespace EdgeGateway.Jobs;

/// <summary>The wall clock was set.</summary>
/// <param name="BootedAt">When the machine started, by the clock as it was; Unix time in milliseconds, as the others.</param>
/// <param name="SetAt">When it was set, by the clock as it was.</param>
/// <param name="By">How far it moved; forward is positive.</param>
internal readonly record struct ClockStep(long BootedAt, long SetAt, long By);
