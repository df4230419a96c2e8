namespace EdgeGateway.Drivers;

/// <summary>A device or its bus failed. The message is one line: who, where, what came, what to check.</summary>
public class DriverException : IOException
{
    public DriverException(DriverFault fault, DeviceName device, string came, string check, Exception? inner = null)
        : base($"{device}: {came}. Check: {check}", inner)
    {
        Fault = fault;
        Device = device;
        Came = came;
        Check = check;
    }

    public DriverFault Fault { get; }

    public DeviceName Device { get; }

    /// <summary>What came instead of what was expected.</summary>
    public string Came { get; }

    /// <summary>What a person should look at.</summary>
    public string Check { get; }
}
