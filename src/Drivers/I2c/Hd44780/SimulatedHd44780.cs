namespace EdgeGateway.Drivers.Simulation;

/// <summary>An HD44780 behind its backpack: starts in 8-bit mode, takes a nibble at each fall of E, busy for the datasheet's times.</summary>
public sealed class SimulatedHd44780(TimeProvider time) : SimulatedI2cChip(time)
{
    private readonly byte[] _memory = new byte[128];
    private byte _pins = 0xFF;
    private byte _address;
    private bool _isFourBit, _hasHigh;
    private int _high;
    private int _readNibble;
    private long _busyUntil;

    public bool IsOn { get; private set; }

    public bool IsLit => (_pins & Hd44780Wire.Backlight) != 0;

    /// <summary>Instructions that came while it was busy and were lost.</summary>
    public int Ignored { get; private set; }

    /// <summary>The characters of a row, as codes of its ROM.</summary>
    public string Row(int row, int columns)
    {
        lock (Gate)
            return new string([.. _memory.AsSpan(Hd44780Wire.Row(row, columns), columns).ToArray().Select(code => (char)code)]);
    }

    protected override void PowerOn()
    {
        Array.Fill(_memory, (byte)0x20);
        (_pins, _address, _isFourBit, _hasHigh, _readNibble) = (0xFF, 0, false, false, 0);
        IsOn = false;
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        foreach (var pins in bytes)
        {
            var fell = (_pins & Hd44780Wire.Enable) != 0 && (pins & Hd44780Wire.Enable) == 0;
            var before = _pins;
            _pins = pins;
            if (fell)
                Strobe(before);
        }
    }

    protected override void OnRead(Span<byte> bytes)
    {
        var isReading = (_pins & (Hd44780Wire.Read | Hd44780Wire.Enable)) == (Hd44780Wire.Read | Hd44780Wire.Enable);
        var data = isReading ? (_readNibble == 0 ? _memory[_address] : _memory[_address] << 4) | 0x0F : 0xFF;
        bytes.Fill((byte)(_pins & data));
    }

    private void Strobe(byte pins)
    {
        if ((pins & Hd44780Wire.Read) != 0)
        {
            _readNibble ^= 1;
            if (_readNibble == 0)
                _address = (byte)((_address + 1) & 0x7F);
            return;
        }

        var nibble = pins & 0xF0;
        if (!_isFourBit)
        {
            Take(nibble, isData: false); // the low data lines are not wired
            return;
        }

        _hasHigh = !_hasHigh;
        if (_hasHigh)
            _high = nibble;
        else
            Take(_high | (nibble >> 4), (pins & Hd44780Wire.RegisterSelect) != 0);
    }

    private void Take(int value, bool isData)
    {
        if (Time.GetTimestamp() < _busyUntil)
        {
            Ignored++;
            return;
        }

        if (isData)
        {
            _memory[_address] = (byte)value;
            _address = (byte)((_address + 1) & 0x7F);
            return;
        }

        switch (value)
        {
            case >= 0x80:
                _address = (byte)(value & 0x7F);
                break;
            case >= 0x20 and < 0x40:
                (_isFourBit, _hasHigh) = ((value & 0x10) == 0, false);
                break;
            case >= 0x08 and < 0x10:
                IsOn = (value & 0x04) != 0;
                break;
            case Hd44780Wire.Clear:
                Array.Fill(_memory, (byte)0x20);
                _address = 0;
                Busy(1.52);
                break;
        }
    }

    private void Busy(double milliseconds) => _busyUntil = Time.GetTimestamp() + (long)(milliseconds / 1000 * Time.TimestampFrequency);
}
