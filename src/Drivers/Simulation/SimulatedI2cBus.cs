using System.Collections.Concurrent;
using System.Device.I2c;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An I²C bus with simulated chips on it.</summary>
/// <remarks>Chips that share an address all take what is written; reading them gives the AND of what each drives, as open-drain lines do.</remarks>
public sealed class SimulatedI2cBus(int busId) : I2cBus
{
    private readonly Lock _lock = new(); // guards the map
    private readonly Dictionary<SimulatedI2cChip, int> _chips = [];
    private readonly HashSet<int> _ownedByKernel = [];
    private readonly ConcurrentDictionary<int, ManualResetEventSlim> _hanging = [];
    private volatile bool _isStuck;

    public void Add(int address, SimulatedI2cChip chip)
    {
        lock (_lock)
            _chips.Add(chip, address);
    }

    public void Remove(SimulatedI2cChip chip)
    {
        lock (_lock)
            _chips.Remove(chip);
    }

    /// <summary>A transfer to this address does not come back before <see cref="Resume"/>, as where a kernel driver is stuck.</summary>
    public void Hang(int address) => _hanging.TryAdd(address, new ManualResetEventSlim());

    /// <summary>Ends <see cref="Hang"/>.</summary>
    public void Resume(int address)
    {
        if (_hanging.TryRemove(address, out var gate))
            gate.Set();
    }

    /// <summary>True: SDA is held low, so no transfer on the bus succeeds, whoever it is for.</summary>
    public bool IsStuck
    {
        get => _isStuck;
        set => _isStuck = value;
    }

    /// <summary>True where a chip takes part in transfers to this address.</summary>
    public bool HasAny(int address)
    {
        lock (_lock)
            return _chips.Any(entry => entry.Key.Answers(address, entry.Value));
    }

    /// <summary>Opening this address fails with EBUSY, as where a kernel driver is bound.</summary>
    public void OwnByKernel(int address)
    {
        lock (_lock)
            _ownedByKernel.Add(address);
    }

    public override I2cDevice CreateDevice(int deviceAddress)
    {
        lock (_lock)
        {
            if (_ownedByKernel.Contains(deviceAddress))
                throw new I2cTransferException(I2cErrno.Busy);
            return new Device(this, busId, deviceAddress);
        }
    }

    public override void RemoveDevice(int deviceAddress)
    {
        // Nothing is kept for an open device.
    }

    /// <summary>Moves bytes as a master would.</summary>
    /// <param name="isRead">False for a write without a read after it.</param>
    /// <exception cref="I2cTransferException">Nobody acknowledged, or a fault is set.</exception>
    public void Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read, bool isRead)
    {
        if (_hanging.TryGetValue(address, out var gate))
            gate.Wait(); // outside of the lock: the world goes on
        if (_isStuck)
            throw new I2cTransferException(I2cErrno.TimedOut);
        lock (_lock)
        {
            Span<byte> one = stackalloc byte[Math.Min(read.Length, 1024)];
            if (read.Length > one.Length)
                one = new byte[read.Length];
            var answered = false;
            I2cTransferException? failure = null;
            foreach (var (chip, home) in _chips)
            {
                if (!chip.Answers(address, home))
                    continue;
                try
                {
                    one.Clear();
                    chip.Transfer(address, home, write, one, isRead);
                }
                catch (I2cTransferException ex)
                {
                    failure = ex;
                    continue;
                }

                for (var i = 0; i < read.Length; i++)
                    read[i] = answered ? (byte)(read[i] & one[i]) : one[i];
                answered = true;
            }

            if (!answered || failure is { Errno: not I2cErrno.RemoteIo })
                throw failure ?? new I2cTransferException(I2cErrno.RemoteIo);
        }
    }

    private sealed class Device(SimulatedI2cBus bus, int busId, int address) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings { get; } = new(busId, address);

        public override void Read(Span<byte> buffer) => bus.Transfer(address, [], buffer, isRead: true);

        public override void Write(ReadOnlySpan<byte> buffer) => bus.Transfer(address, buffer, [], isRead: false);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => bus.Transfer(address, writeBuffer, readBuffer, isRead: true);

        protected override void Dispose(bool disposing) => bus.RemoveDevice(address);
    }
}
