using EdgeGateway.Configuration;

namespace EdgeGateway.Devices;

/// <summary>A driver has not come back from a call.</summary>
/// <param name="call">Ends when it does, never with an exception.</param>
internal sealed class DriverHangsException(Task call, TimeSpan deadline)
    : Exception($"the driver has not come back within {Units.FormatDuration(deadline)}. Check: the bus: a chip that holds a line low blocks all others on it")
{
    public Task Call { get; } = call;
}
