using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A 24Cxx: writes wrap inside of their page, and while it writes it acknowledges nothing.</summary>
public sealed class SimulatedEeprom24c : SimulatedI2cChip
{
    private readonly Eeprom24cSize _size;
    private readonly byte[] _bytes;
    private int _pointer;
    private int _block;
    private long _busyUntil;

    /// <param name="size"><c>24c01</c> to <c>24c512</c>.</param>
    public SimulatedEeprom24c(TimeProvider time, string size = "24c32")
        : base(time)
    {
        _size = Eeprom24cSize.Of(size);
        _bytes = new byte[_size.Bytes];
        _bytes.AsSpan().Fill(0xFF);
    }

    /// <summary>The WP pin: writes are acknowledged and do nothing.</summary>
    public bool IsWriteProtected { get; set; }

    /// <summary>Looks into the memory without the bus, for tests.</summary>
    public byte[] Peek(int offset, int length)
    {
        lock (Gate)
            return _bytes.AsSpan(offset, length).ToArray();
    }

    /// <summary>Sets bytes without the bus, for tests.</summary>
    public void Poke(int offset, ReadOnlySpan<byte> values)
    {
        lock (Gate)
            values.CopyTo(_bytes.AsSpan(offset));
    }

    protected internal override bool Answers(int address, int home) => address >= home && address < home + _size.Blocks;

    internal override void Transfer(int address, int home, ReadOnlySpan<byte> write, Span<byte> read, bool isRead)
    {
        lock (Gate)
        {
            _block = address - home;
            base.Transfer(address, home, write, read, isRead);
        }
    }

    protected override void PowerOn() => (_pointer, _busyUntil) = (0, 0);

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (Time.GetTimestamp() < _busyUntil)
            Nack();
        if (bytes.Length < _size.AddressBytes)
            return;
        _pointer = _size.AddressBytes == 2 ? BinaryPrimitives.ReadUInt16BigEndian(bytes) % _size.Bytes : (_block * _size.BlockBytes) + (bytes[0] % _size.BlockBytes);
        var data = bytes[_size.AddressBytes..];
        if (data.IsEmpty || IsWriteProtected)
            return;
        var page = _pointer / _size.PageBytes * _size.PageBytes;
        for (var i = 0; i < data.Length; i++)
            _bytes[page + ((_pointer - page + i) % _size.PageBytes)] = data[i];
        _busyUntil = Time.GetTimestamp() + (Time.TimestampFrequency * 5 / 1000);
    }

    protected override void OnRead(Span<byte> bytes)
    {
        if (Time.GetTimestamp() < _busyUntil)
            Nack();
        foreach (ref var value in bytes)
        {
            value = _bytes[_pointer];
            _pointer = (_pointer + 1) % _size.Bytes;
        }
    }
}
