namespace EdgeGateway.Drivers;

/// <summary>A sensor gave no value that can be trusted.</summary>
public sealed class SensorReadException : DriverException
{
    public SensorReadException(DriverFault fault, DeviceName device, string came, string check, Exception? inner = null)
        : base(fault, device, came, check, inner)
    {
    }

    internal SensorReadException(DriverException cause)
        : base(cause.Fault, cause.Device, cause.Came, cause.Check, cause)
    {
    }
}
