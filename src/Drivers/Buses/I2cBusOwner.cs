using System.Device.I2c;

namespace EdgeGateway.Drivers;

/// <summary>One I²C bus and the only one to move bytes on it: transfers queue, each with a deadline.</summary>
/// <remarks>A driver that waits for its chip does so between transfers, so it holds nobody up.</remarks>
public sealed class I2cBusOwner : IDisposable
{
    private readonly I2cBus _bus;
    private readonly Dictionary<int, string> _chips = [];
    private readonly Dictionary<int, I2cDevice> _raw = [];
    private readonly I2cBusOwner? _shared;
    private readonly DeviceLease? _lease;

    public I2cBusOwner(string name, I2cBus bus, TimeProvider time)
    {
        Name = name;
        Time = time;
        _bus = bus;
        Queue = new BusQueue(name, time);
    }

    private I2cBusOwner(I2cBusOwner shared, DeviceLease lease)
    {
        (_shared, _lease) = (shared, lease);
        (Name, Time, _bus, Queue, Deadline) = (shared.Name, shared.Time, shared._bus, shared.Queue, shared.Deadline);
    }

    /// <summary>As the kernel names it: <c>i2c-1</c>.</summary>
    public string Name { get; }

    /// <summary>Longest wait for a turn on the bus before a transfer fails as <see cref="DriverFault.BusBusy"/>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    internal TimeProvider Time { get; }

    internal BusQueue Queue { get; }

    /// <summary>Takes an address for a device.</summary>
    /// <exception cref="DriverException">Another device of ours has this address, or the kernel's driver owns it.</exception>
    public I2cChip Open(int address, string chip)
    {
        if (_shared is not null)
        {
            var opened = _shared.Open(address, chip);
            opened.Closed = () => _lease!.Remove(opened);
            return _lease!.Add(opened);
        }

        var name = new DeviceName(chip, Name, Hex(address));
        lock (_chips) // guards the map of addresses
        {
            if (_chips.TryGetValue(address, out var owner))
            {
                throw new DriverException(DriverFault.Taken, name, $"the address is in use by {owner}",
                    "the configured addresses; move one chip to another address or bus, or behind a TCA9548A");
            }

            var device = Create(address, name);
            _chips[address] = chip;
            return new I2cChip(this, name, address, device);
        }
    }

    /// <summary>The same bus, seen by one device: what it opens is noted in its lease.</summary>
    internal I2cBusOwner For(DeviceLease lease) => new(_shared ?? this, lease);

    /// <summary>Opens an address for detection: transfers are tried once and nothing is reserved.</summary>
    internal I2cChip OpenProbe(int address)
    {
        var name = new DeviceName("an unknown chip", Name, Hex(address));
        lock (_chips)
            return new I2cChip(this, name, address, Create(address, name)) { Retries = 0, IsProbe = true };
    }

    /// <summary>The chip a configured device has at this address, null if none.</summary>
    internal string? OwnerOf(int address)
    {
        lock (_chips)
            return _chips.GetValueOrDefault(address);
    }

    /// <summary>For a bus behind a multiplexer on this one, which holds the queue.</summary>
    internal I2cDevice RawDevice(int address)
    {
        lock (_chips)
        {
            if (!_raw.TryGetValue(address, out var device))
                device = _raw[address] = _bus.CreateDevice(address);
            return device;
        }
    }

    internal void Close(I2cChip chip)
    {
        lock (_chips)
        {
            if ((chip.IsProbe ? !_chips.ContainsKey(chip.Address) : _chips.Remove(chip.Address)) && !_raw.ContainsKey(chip.Address))
                _bus.RemoveDevice(chip.Address);
        }
    }

    public void Dispose()
    {
        if (_shared is not null)
            return;
        _bus.Dispose();
        Queue.Dispose();
    }

    internal static string Hex(int address) => $"0x{address:X2}";

    private I2cDevice Create(int address, DeviceName name)
    {
        try
        {
            return _chips.ContainsKey(address) ? throw new InvalidOperationException("A probe of an open address.") : _bus.CreateDevice(address);
        }
        catch (IOException ex) when (I2cErrno.Of(ex) == I2cErrno.Busy)
        {
            throw new DriverException(DriverFault.Taken, name, "a driver of the kernel owns the address (EBUSY)",
                "the overlay in config.txt that bound it (i2cdetect shows UU); read it through the kernel, or remove the overlay", ex);
        }
    }
}
