namespace EdgeGateway.Drivers;

/// <summary>What detection does at one address: transfers tried once, and what they gave. Nothing but pointers and identification commands is written.</summary>
internal sealed class Probe(I2cChip chip)
{
    /// <summary>True once anything was acknowledged.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>True where a transfer was cut off: the clock line was held, or somebody holds the bus.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>True where the kernel owns the address.</summary>
    public bool IsTaken { get; private set; }

    public int Address => chip.Address;

    /// <summary>Reads without writing.</summary>
    /// <returns>Null where nobody acknowledged.</returns>
    public ValueTask<byte[]?> PlainAsync(int length, CancellationToken cancellationToken) => TryAsync([], length, cancellationToken);

    /// <summary>Writes a register pointer and reads after a repeated start.</summary>
    public ValueTask<byte[]?> RegisterAsync(byte pointer, int length, CancellationToken cancellationToken) => TryAsync([pointer], length, cancellationToken);

    public ValueTask<byte[]?> WideRegisterAsync(ushort pointer, int length, CancellationToken cancellationToken) =>
        TryAsync([(byte)(pointer >> 8), (byte)pointer], length, cancellationToken);

    /// <summary>An identification command, the chip's time, and a plain read.</summary>
    public async ValueTask<byte[]?> CommandAsync(byte[] command, double milliseconds, int length, CancellationToken cancellationToken)
    {
        try
        {
            await chip.WriteAsync(command, cancellationToken).ConfigureAwait(false);
            IsPresent = true;
        }
        catch (DriverException ex)
        {
            IsTaken |= ex.Fault == DriverFault.Taken;
            IsStuck |= ex.Fault is DriverFault.BusStuck or DriverFault.BusBusy;
            return null;
        }

        await chip.WaitAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken).ConfigureAwait(false);
        return await TryAsync([], length, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte[]?> TryAsync(byte[] write, int length, CancellationToken cancellationToken)
    {
        var read = new byte[length];
        try
        {
            if (write.Length == 0)
                await chip.ReadAsync(read, cancellationToken).ConfigureAwait(false);
            else
                await chip.WriteReadAsync(write, read, cancellationToken).ConfigureAwait(false);
            IsPresent = true;
            return read;
        }
        catch (DriverException ex)
        {
            IsTaken |= ex.Fault == DriverFault.Taken;
            IsStuck |= ex.Fault is DriverFault.BusStuck or DriverFault.BusBusy;
            return null;
        }
    }
}
