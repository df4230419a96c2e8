namespace EdgeGateway.Identity.Certificates;

/// <summary>
/// What certificates are judged by on a machine without a clock chip: a lower bound of the true time that never goes backwards,
/// across restarts too (last persisted time, build time).
/// </summary>
public interface IClockFloor
{
    /// <summary>It is at least this late.</summary>
    DateTimeOffset Floor { get; }

    /// <summary>The best guess at now: the system clock, but never before the floor.</summary>
    DateTimeOffset Now { get; }

    ClockTrust Trust { get; }
}
