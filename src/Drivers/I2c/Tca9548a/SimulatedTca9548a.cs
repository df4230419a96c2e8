namespace EdgeGateway.Drivers.Simulation;

/// <summary>A TCA9548A: eight buses behind it, joined to its own while their bit is set.</summary>
public sealed class SimulatedTca9548a : SimulatedI2cChip
{
    private readonly SimulatedI2cBus[] _channels;
    private byte _enabled;

    public SimulatedTca9548a(TimeProvider time)
        : base(time) =>
        _channels = [.. Enumerable.Range(0, 8).Select(channel => new SimulatedI2cBus(100 + channel))];

    /// <summary>The channels joined now, a bit each.</summary>
    public byte Enabled
    {
        get
        {
            lock (Gate)
                return _enabled;
        }
    }

    public T Add<T>(int channel, int address, T chip)
        where T : SimulatedI2cChip
    {
        _channels[channel].Add(address, chip);
        return chip;
    }

    protected internal override bool Answers(int address, int home)
    {
        if (address == home)
            return true;
        lock (Gate)
            return IsPluggedIn && Joined().Any(channel => channel.HasAny(address));
    }

    internal override void Transfer(int address, int home, ReadOnlySpan<byte> write, Span<byte> read, bool isRead)
    {
        if (address == home)
        {
            base.Transfer(address, home, write, read, isRead);
            return;
        }

        Span<byte> one = stackalloc byte[Math.Min(read.Length, 512)];
        var answered = false;
        foreach (var channel in Joined().Where(channel => channel.HasAny(address)))
        {
            channel.Transfer(address, write, one, isRead);
            for (var i = 0; i < read.Length; i++)
                read[i] = answered ? (byte)(read[i] & one[i]) : one[i];
            answered = true;
        }
    }

    protected override void PowerOn() => _enabled = 0;

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
            _enabled = bytes[^1];
    }

    protected override void OnRead(Span<byte> bytes) => bytes.Fill(_enabled);

    private IEnumerable<SimulatedI2cBus> Joined() => _channels.Where((_, channel) => (_enabled & (1 << channel)) != 0);
}
