namespace EdgeGateway.Drivers;

/// <summary>The registers of a chip that can be wired by I²C or by SPI, whichever it is.</summary>
internal abstract class RegisterPort : IDisposable
{
    /// <summary>Reads from this register on, in one burst.</summary>
    /// <exception cref="DriverException">The transfer failed.</exception>
    public abstract ValueTask ReadAsync(byte register, Memory<byte> values, CancellationToken cancellationToken);

    /// <exception cref="DriverException">The transfer failed.</exception>
    public abstract ValueTask WriteAsync(byte register, byte value, CancellationToken cancellationToken);

    /// <summary>Waits for the chip, off the bus: the datasheet's time and a tenth more.</summary>
    public abstract ValueTask WaitAsync(TimeSpan datasheetTime, CancellationToken cancellationToken);

    public abstract void Dispose();
}
