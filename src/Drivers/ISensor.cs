namespace EdgeGateway.Drivers;

/// <summary>A device that is asked for what it measures.</summary>
public interface ISensor : IDevice
{
    /// <summary>Measures once. Calls may overlap; they are served one after the other.</summary>
    /// <exception cref="SensorReadException">No value can be trusted: it names chip, bus, address, what came and what to check.
    /// The driver initialises the chip again at the next call, so a chip that was pulled out and put back reads on.</exception>
    ValueTask<Reading> ReadAsync(CancellationToken cancellationToken);
}
