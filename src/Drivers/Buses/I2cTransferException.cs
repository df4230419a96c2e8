namespace EdgeGateway.Drivers;

/// <summary>The kernel's answer to a transfer that failed; the bus owner turns it into a <see cref="DriverException"/>.</summary>
public sealed class I2cTransferException(int errno) : IOException($"Error {errno} performing I2C data transfer.")
{
    /// <summary>See <see cref="I2cErrno"/>.</summary>
    public int Errno { get; } = errno;
}
