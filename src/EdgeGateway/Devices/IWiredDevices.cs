using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>What is wired to this gateway, for pages, command line and rules.</summary>
public interface IWiredDevices
{
    /// <summary>In the order of the configuration.</summary>
    IReadOnlyList<WiredDevice> List();

    WiredDevice? Find(string name);

    /// <summary>Takes one reading now, besides the regular ones; it is not published.</summary>
    /// <exception cref="KeyNotFoundException">No sensor of this name.</exception>
    /// <exception cref="SensorReadException">It gave no value that can be trusted.</exception>
    Task<IReadOnlyList<WiredValue>> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Raised when a device has a new reading or state, or begins or ceases to fail.</summary>
    event Action<WiredDevice>? Changed;
}
