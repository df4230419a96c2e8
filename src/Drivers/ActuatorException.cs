namespace EdgeGateway.Drivers;

/// <summary>An output was not driven, or could not be read back.</summary>
public sealed class ActuatorException : DriverException
{
    public ActuatorException(DriverFault fault, DeviceName device, string came, string check, Exception? inner = null)
        : base(fault, device, came, check, inner)
    {
    }

    internal ActuatorException(DriverException cause)
        : base(cause.Fault, cause.Device, cause.Came, cause.Check, cause)
    {
    }
}
