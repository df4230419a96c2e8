namespace EdgeGateway.Drivers;

/// <summary>A polled sensor on a Modbus line.</summary>
public abstract class ModbusSensor : PolledSensor
{
    private readonly string _port;
    private readonly byte _address;
    private readonly UartParameters _parameters;
    private ModbusSlave? _slave;

    protected ModbusSensor(DriverContext context)
        : base(context)
    {
        var options = context.Options;
        _port = options.Text("bus");
        _address = (byte)options.Integer("address");
        _parameters = new UartParameters(
            options.Integer("baud"),
            options.Text("parity") switch { "even" => UartParity.Even, "odd" => UartParity.Odd, _ => UartParity.None },
            options.Integer("stopBits"));
        Device = new DeviceName(context.Driver.Chip, _port, $"slave {_address}");
    }

    protected override DeviceName Device { get; }

    protected ModbusSlave Slave => _slave ?? throw new InvalidOperationException("The slave is not open.");

    /// <summary>Where it is wired.</summary>
    protected static DriverOption[] WiredAt(int baud) =>
    [
        DriverOption.Text("bus", "ttyUSB0", "serial port of the RS-485 adapter, by its name under /dev"),
        DriverOption.Integer("address", 1, 1, 247, "slave address, as set at the device"),
        DriverOption.IntegerOf("baud", baud, [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200], "as set at the device; the same for all on the line"),
        DriverOption.Choice("parity", "none", ["none", "even", "odd"], "as set at the device"),
        DriverOption.IntegerOf("stopBits", 1, [1, 2], "as set at the device"),
    ];

    protected override ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        _slave ??= Context.Header.OpenModbus(_port, _parameters, _address, Context.Driver.Chip);
        return ValueTask.CompletedTask;
    }

    protected override void Close()
    {
        _slave?.Dispose();
        _slave = null;
    }
}
