using System.Device.Gpio;
using System.Device.Pwm;
using System.Device.Spi;
using EdgeGateway.Drivers.Hardware;

namespace EdgeGateway.Drivers;

/// <summary>The real header of the machine: nothing is opened before it is used.</summary>
public sealed class HardwareHeader : IHeader
{
    private readonly Lock _lock = new(); // guards the maps
    private readonly TimeProvider _time;
    private readonly I2cBusDirectory _i2c;
    private readonly Dictionary<string, BusQueue> _spiQueues = [];
    private readonly HashSet<string> _taken = [];
    private readonly ModbusDirectory _modbus;
    private readonly PwmChannelDirectory _pwm = new(OpenPwmChannel);

    public HardwareHeader(TimeProvider time)
    {
        _time = time;
        _i2c = new I2cBusDirectory(OpenBus, time);
        _modbus = new ModbusDirectory(OpenUart, time);
        Gpio = new GpioLines("gpio", OpenGpio, time);
        Files = new LinuxKernelFiles();
        OneWire = new OneWireBus(Files, time);
    }

    public IReadOnlyList<string> I2cBuses => Devices("i2c-*");

    public IReadOnlyList<string> SpiPorts => Devices("spidev*");

    public GpioLines Gpio { get; }

    public OneWireBus OneWire { get; }

    public IKernelFiles Files { get; }

    public I2cBusOwner OpenI2c(string bus) => _i2c.Open(bus);

    public SpiChip OpenSpi(string port, string chip, SpiParameters parameters)
    {
        var name = new DeviceName(chip, port, "");
        var (bus, select) = BusName.Spi(port);
        if (!File.Exists($"/dev/{port}"))
            throw BusName.Missing(chip, port, SpiPorts);
        lock (_lock)
        {
            Take(port, name);
            if (!_spiQueues.TryGetValue($"spi{bus}", out var queue))
                queue = _spiQueues[$"spi{bus}"] = new BusQueue($"spi{bus}", _time);
            var settings = new SpiConnectionSettings(bus, select) { Mode = parameters.Mode, ClockFrequency = parameters.ClockHertz };
            try
            {
                return new SpiChip(name, SpiDevice.Create(settings), queue, _time, () => Release(port));
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
            {
                _taken.Remove(port);
                throw Explain(ex, name, port);
            }
        }
    }

    public IUartPort OpenUart(string port, UartParameters parameters)
    {
        var name = new DeviceName("a serial device", port, "");
        lock (_lock)
        {
            Take(port, name);
            try
            {
                return new OwnedUartPort(new LinuxUartPort(port, parameters), () => Release(port));
            }
            catch (Exception ex)
            {
                _taken.Remove(port);
                throw Explain(ex, name, port);
            }
        }
    }

    public ModbusSlave OpenModbus(string port, UartParameters parameters, byte slave, string chip) => _modbus.Open(port, parameters, slave, chip);

    public PwmChannel OpenPwm(int chip, int channel, int frequencyHertz) => _pwm.Open(chip, channel, frequencyHertz);

    public void Dispose()
    {
        Gpio.Dispose();
        OneWire.Dispose();
        _i2c.Dispose();
        _modbus.Dispose();
        lock (_lock)
            foreach (var queue in _spiQueues.Values)
                queue.Dispose();
    }

    private static GpioDriver? OpenGpio() => Directory.Exists("/dev") ? CharacterDeviceGpioDriver.TryOpen() : null;

    private static IReadOnlyList<string> Devices(string pattern) =>
        Directory.Exists("/dev") ? [.. Directory.GetFiles("/dev", pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    private static DriverException Explain(Exception exception, DeviceName name, string bus) => exception switch
    {
        DriverException known => known,
        UnauthorizedAccessException => new(DriverFault.NoPermission, name, exception.Message,
            $"that the service's user is in the group {(bus.StartsWith("i2c", StringComparison.Ordinal) ? "i2c" : bus.StartsWith("spi", StringComparison.Ordinal) ? "spi" : bus.StartsWith("pwm", StringComparison.Ordinal) ? "gpio" : "dialout")}", exception),
        FileNotFoundException or DirectoryNotFoundException => BusName.Missing(name.Chip, bus, []),
        _ => new(DriverFault.BusFault, name, exception.Message, "the kernel's messages (dmesg)", exception),
    };

    private LinuxI2cBus OpenBus(string bus)
    {
        var number = BusName.I2cNumber(bus);
        try
        {
            return new LinuxI2cBus(number);
        }
        catch (FileNotFoundException)
        {
            throw BusName.Missing("an I²C device", bus, I2cBuses);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw Explain(ex, new DeviceName("an I²C device", bus, ""), bus);
        }
    }

    private static PwmChannel OpenPwmChannel(int chip, int channel, int frequencyHertz)
    {
        var bus = $"pwmchip{chip}/pwm{channel}";
        if (!Directory.Exists($"/sys/class/pwm/pwmchip{chip}"))
            throw BusName.Missing("a PWM output", bus, []);
        try
        {
            return PwmChannel.Create(chip, channel, frequencyHertz, 0);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Explain(ex, new DeviceName("a PWM output", bus, ""), bus);
        }
    }

    private void Take(string port, DeviceName name)
    {
        if (!_taken.Add(port))
            throw new DriverException(DriverFault.Taken, name, "it is in use by another device", "the configured buses: each chip select and serial port can have one device");
    }

    private void Release(string port)
    {
        lock (_lock)
            _taken.Remove(port);
    }

    private sealed class OwnedUartPort(LinuxUartPort port, Action released) : IUartPort
    {
        public string Name => port.Name;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => port.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => port.WriteAsync(bytes, cancellationToken);

        public void DiscardInput() => port.DiscardInput();

        public void Dispose()
        {
            port.Dispose();
            released();
        }
    }
}
