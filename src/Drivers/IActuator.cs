namespace EdgeGateway.Drivers;

/// <summary>An output: it is told a state and asked what its real line carries.</summary>
public interface IActuator : IDevice
{
    /// <summary>Applies the named values; those not named stay as they are.</summary>
    /// <exception cref="ActuatorException">The line was not driven, or a value is not one of the driver's (<see cref="DriverFault.Option"/>).</exception>
    ValueTask SetAsync(ActuatorState state, CancellationToken cancellationToken);

    /// <summary>The state read back from the line or the chip's own register, never from memory of what was asked.</summary>
    /// <exception cref="ActuatorException">The line cannot be read.</exception>
    ValueTask<ActuatorState> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Drives the configured safe state. Called on start, on stop, and when commands are stale.</summary>
    /// <exception cref="ActuatorException">The line was not driven.</exception>
    ValueTask MakeSafeAsync(CancellationToken cancellationToken);
}
