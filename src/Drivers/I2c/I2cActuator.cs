namespace EdgeGateway.Drivers;

/// <summary>An output on I²C.</summary>
public abstract class I2cActuator : BusActuator
{
    private readonly string _bus;
    private readonly int _address;
    private I2cChip? _chip;

    protected I2cActuator(DriverContext context)
        : base(context)
    {
        _bus = context.Options.Text("bus");
        _address = context.Options.Integer("address");
        Device = new DeviceName(context.Driver.Chip, _bus, I2cBusOwner.Hex(_address));
    }

    protected override DeviceName Device { get; }

    protected I2cChip Chip => _chip ?? throw new InvalidOperationException("The chip is not open.");

    protected sealed override ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        try
        {
            _chip ??= Context.Header.OpenI2c(_bus).Open(_address, Context.Driver.Chip);
        }
        catch (DriverException ex) when (ex.Device != Device)
        {
            throw new DriverException(ex.Fault, Device, ex.Came, ex.Check, ex); // the bus does not know for whom it was opened
        }

        return ConfigureAsync(cancellationToken);
    }

    /// <summary>Writes the whole configuration and what is wanted; the chip may have any state an earlier program left.</summary>
    /// <exception cref="DriverException">Not there, or not the one.</exception>
    protected abstract ValueTask ConfigureAsync(CancellationToken cancellationToken);

    protected override void Close()
    {
        _chip?.Dispose();
        _chip = null;
    }
}
