using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A Pi's header without a Pi: simulated devices under the names the kernel would give their buses.</summary>
public sealed class SimulatedHeader : IHeader
{
    private readonly Lock _lock = new(); // guards the maps
    private readonly TimeProvider _time;
    private readonly SortedDictionary<string, SimulatedI2cBus> _i2c = new(StringComparer.Ordinal);
    private readonly Dictionary<string, I2cBus> _otherI2c = [];
    private readonly I2cBusDirectory _owners;
    private readonly ModbusDirectory _modbus;
    private readonly SortedDictionary<string, SimulatedSpiChip?> _spi = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BusQueue> _spiQueues = [];
    private readonly HashSet<string> _spiTaken = [];
    private readonly Dictionary<string, SimulatedUart> _uarts = [];
    private readonly Dictionary<(int Chip, int Channel), SimulatedPwmChannel> _pwm = [];
    private readonly PwmChannelDirectory _pwmChannels;

    public SimulatedHeader(TimeProvider time)
        : this(time, new SimulatedGpioDriver(time))
    {
    }

    /// <param name="lines">Of an earlier program on the same header.</param>
    public SimulatedHeader(TimeProvider time, SimulatedGpioDriver lines)
    {
        _time = time;
        _owners = new I2cBusDirectory(FindI2c, time);
        _modbus = new ModbusDirectory(OpenUart, time);
        _pwmChannels = new PwmChannelDirectory(FindPwm);
        Lines = lines;
        Gpio = new GpioLines("gpio", Lines, time);
        Kernel = new SimulatedKernelFiles();
        OneWire = new OneWireBus(Kernel, time);
    }

    /// <summary>The world's side of the GPIO lines.</summary>
    public SimulatedGpioDriver Lines { get; }

    /// <summary>The world's side of sysfs.</summary>
    public SimulatedKernelFiles Kernel { get; }

    public GpioLines Gpio { get; }

    public OneWireBus OneWire { get; }

    public IKernelFiles Files => Kernel;

    public IReadOnlyList<string> I2cBuses
    {
        get
        {
            lock (_lock)
                return [.. _i2c.Keys];
        }
    }

    public IReadOnlyList<string> SpiPorts
    {
        get
        {
            lock (_lock)
                return [.. _spi.Keys];
        }
    }

    /// <summary>Makes a bus if it is not there.</summary>
    /// <param name="bus"><c>i2c-1</c>.</param>
    public SimulatedI2cBus AddI2cBus(string bus)
    {
        lock (_lock)
        {
            if (!_i2c.TryGetValue(bus, out var known))
            {
                known = _i2c[bus] = new SimulatedI2cBus(BusName.I2cNumber(bus));
            }

            return known;
        }
    }

    /// <summary>Puts a bus of another make in the place of a simulated one.</summary>
    /// <param name="bus"><c>i2c-1</c>.</param>
    public void AddI2cBus(string bus, I2cBus made)
    {
        lock (_lock)
            _otherI2c[bus] = made;
    }

    /// <summary>Wires a chip.</summary>
    public T AddI2c<T>(string bus, int address, T chip)
        where T : SimulatedI2cChip
    {
        AddI2cBus(bus).Add(address, chip);
        return chip;
    }

    /// <param name="port"><c>spidev0.0</c>.</param>
    public T AddSpi<T>(string port, T chip)
        where T : SimulatedSpiChip
    {
        lock (_lock)
            _spi[port] = chip;
        return chip;
    }

    /// <summary>A chip select with nothing behind it.</summary>
    public void AddSpiPort(string port)
    {
        lock (_lock)
            _spi[port] = null;
    }

    public SimulatedUart AddUart(string port, SimulatedUart line)
    {
        lock (_lock)
            return _uarts[port] = line;
    }

    /// <summary>A hardware PWM channel with its files.</summary>
    /// <param name="channels">Channels of the chip: 2, or 4 on a Pi 5.</param>
    public SimulatedPwmChannel AddPwm(int chip, int channel, int channels = 2)
    {
        var pwm = new SimulatedPwmChannel();
        var folder = $"/sys/class/pwm/pwmchip{chip}";
        Kernel.Add($"{folder}/npwm", $"{channels}\n");
        Kernel.Add($"{folder}/pwm{channel}/enable", new SimulatedFile(_ => new(pwm.IsRunning ? "1\n" : "0\n")));
        Kernel.Add($"{folder}/pwm{channel}/period", new SimulatedFile(_ => new($"{1_000_000_000 / pwm.Frequency}\n")));
        Kernel.Add($"{folder}/pwm{channel}/duty_cycle", new SimulatedFile(_ => new($"{(int)(1e9 / pwm.Frequency * pwm.DutyCycle)}\n")));
        lock (_lock)
            return _pwm[(chip, channel)] = pwm;
    }

    public I2cBusOwner OpenI2c(string bus) => _owners.Open(bus);

    public SpiChip OpenSpi(string port, string chip, SpiParameters parameters)
    {
        var name = new DeviceName(chip, port, "");
        lock (_lock)
        {
            if (!_spi.TryGetValue(port, out var wired))
                throw BusName.Missing(chip, port, SpiPorts);
            if (!_spiTaken.Add(port))
                throw new DriverException(DriverFault.Taken, name, "the chip select is in use by another device", "the configured buses: each chip select can have one device");
            var (bus, select) = BusName.Spi(port);
            if (!_spiQueues.TryGetValue($"spi{bus}", out var queue))
                queue = _spiQueues[$"spi{bus}"] = new BusQueue($"spi{bus}", _time);
            var settings = new SpiConnectionSettings(bus, select) { Mode = parameters.Mode, ClockFrequency = parameters.ClockHertz };
            return new SpiChip(name, new SimulatedSpiDevice(wired, settings), queue, _time, () => ReleaseSpi(port));
        }
    }

    public IUartPort OpenUart(string port, UartParameters parameters)
    {
        lock (_lock)
        {
            if (!_uarts.TryGetValue(port, out var line))
                throw BusName.Missing("a serial device", port, [.. _uarts.Keys]);
            return line.Opened is null
                ? line.Open(port, parameters)
                : throw new DriverException(DriverFault.Taken, new DeviceName("a serial device", port, ""), "the port is in use by another device", "the configured ports: each can have one device");
        }
    }

    public ModbusSlave OpenModbus(string port, UartParameters parameters, byte slave, string chip) => _modbus.Open(port, parameters, slave, chip);

    public PwmChannel OpenPwm(int chip, int channel, int frequencyHertz) => _pwmChannels.Open(chip, channel, frequencyHertz);

    public void Dispose()
    {
        Gpio.Dispose();
        OneWire.Dispose();
        _owners.Dispose();
        _modbus.Dispose();
        foreach (var queue in _spiQueues.Values)
            queue.Dispose();
    }

    private PwmChannel FindPwm(int chip, int channel, int frequencyHertz)
    {
        lock (_lock)
        {
            if (!_pwm.TryGetValue((chip, channel), out var pwm))
                throw BusName.Missing("a PWM output", $"pwmchip{chip}/pwm{channel}", [.. _pwm.Keys.Select(key => $"pwmchip{key.Chip}/pwm{key.Channel}")]);
            pwm.Frequency = frequencyHertz;
            return pwm;
        }
    }

    private I2cBus FindI2c(string bus)
    {
        lock (_lock)
            return _otherI2c.TryGetValue(bus, out var other) ? other : _i2c.TryGetValue(bus, out var known) ? known : throw BusName.Missing("an I²C device", bus, I2cBuses);
    }

    private void ReleaseSpi(string port)
    {
        lock (_lock)
            _spiTaken.Remove(port);
    }
}
