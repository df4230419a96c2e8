using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Tests.Api.Aws.SigV4;

/// <summary>A clock that is trusted or not, as the test says.</summary>
internal sealed class FakeClock(TimeProvider time) : IClockFloor
{
    public DateTimeOffset Floor => DateTimeOffset.UnixEpoch;

    public DateTimeOffset Now => time.GetUtcNow();

    public ClockTrust Trust { get; set; } = ClockTrust.Synchronised;
}
