using System.Device.I2c;

namespace EdgeGateway.Drivers;

/// <summary>The I²C buses by name: those of the kernel, and those behind a TCA9548A.</summary>
internal sealed class I2cBusDirectory(Func<string, I2cBus> open, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new(); // guards the map
    private readonly Dictionary<string, I2cBusOwner> _owners = [];

    /// <param name="bus"><c>i2c-1</c> or <c>i2c-1/0x70/3</c>, which may go on.</param>
    /// <exception cref="DriverException">No such bus, or not a name of one.</exception>
    public I2cBusOwner Open(string bus)
    {
        lock (_lock)
        {
            if (_owners.TryGetValue(bus, out var owner))
                return owner;
            var parts = bus.Split('/');
            if (parts.Length == 1)
                return _owners[bus] = new I2cBusOwner(bus, open(bus), time);
            if (parts.Length % 2 == 0 || !OptionText.TryInteger(parts[^2], out var address) || address is < 0x70 or > 0x77
                || !OptionText.TryInteger(parts[^1], out var channel) || channel is < 0 or > 7)
            {
                throw new DriverException(DriverFault.Option, new DeviceName("an I²C device", bus, ""), "this is not the name of a channel of a TCA9548A",
                    "that it reads like i2c-1/0x70/3: bus, address of the TCA9548A, channel 0 to 7");
            }

            var parent = Open(string.Join('/', parts[..^2]));
            return _owners[bus] = new I2cBusOwner(bus, new Tca9548aChannelBus(parent, address, channel), time);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            // A channel before the bus it hangs on.
            foreach (var owner in _owners.OrderByDescending(entry => entry.Key.Length).Select(entry => entry.Value))
                owner.Dispose();
            _owners.Clear();
        }
    }
}
