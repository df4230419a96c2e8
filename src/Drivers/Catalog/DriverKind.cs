namespace EdgeGateway.Drivers;

/// <summary>What a driver's devices are; several may hold at once.</summary>
[Flags]
public enum DriverKind
{
    Sensor = 1,
    Actuator = 2,
    EventInput = 4,
}
