namespace EdgeGateway.Devices;

/// <summary>What an adoption came to.</summary>
public abstract record AdoptionResult
{
    private AdoptionResult()
    {
    }

    public sealed record Done(WiredDevice Device) : AdoptionResult;

    /// <summary>A key is missing, unknown or out of range.</summary>
    public sealed record Invalid(string Why) : AdoptionResult;

    /// <summary>No such proposal or device.</summary>
    public sealed record NotFound(string Why) : AdoptionResult;

    /// <summary>The name, pin or address is in use, or the configuration owns the device.</summary>
    public sealed record Conflict(string Why) : AdoptionResult;

    /// <summary>It is not there, or not to be read: the bus, the permission, the chip.</summary>
    public sealed record Failed(string Why) : AdoptionResult;
}
