namespace EdgeGateway.Drivers;

/// <summary>A polled sensor on SPI.</summary>
public abstract class SpiSensor : PolledSensor
{
    private readonly string _port;
    private SpiChip? _chip;

    protected SpiSensor(DriverContext context)
        : base(context)
    {
        _port = context.Options.Text("bus");
        Device = new DeviceName(context.Driver.Chip, _port, "");
    }

    protected override DeviceName Device { get; }

    protected SpiChip Chip => _chip ?? throw new InvalidOperationException("The chip is not open.");

    /// <summary>Mode and clock, within what the datasheet allows at 3.3 V.</summary>
    protected abstract SpiParameters Parameters { get; }

    protected sealed override ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        _chip ??= Context.Header.OpenSpi(_port, Context.Driver.Chip, Parameters);
        return ConfigureAsync(cancellationToken);
    }

    /// <summary>Writes the configuration and reads it back; the chip may have any state an earlier program left.</summary>
    /// <exception cref="DriverException">Not there, or not the one.</exception>
    protected virtual ValueTask ConfigureAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override void Close()
    {
        _chip?.Dispose();
        _chip = null;
    }
}
