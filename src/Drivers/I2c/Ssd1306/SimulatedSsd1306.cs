namespace EdgeGateway.Drivers.Simulation;

/// <summary>An SSD1306 or SH1106: commands, windows, memory of pages.</summary>
public sealed class SimulatedSsd1306(TimeProvider time, bool isSh1106 = false) : SimulatedI2cChip(time)
{
    private const int Width = 128, Pages = 8;

    private readonly byte[] _memory = new byte[Pages * 132];
    private int _column, _page, _firstColumn, _lastColumn = Width - 1, _firstPage, _lastPage = Pages - 1;
    private bool _isHorizontal;

    public bool IsOn { get; private set; }

    public byte Contrast { get; private set; }

    public bool HasChargePump { get; private set; }

    /// <summary>What is to be seen of a page: 128 columns.</summary>
    public byte[] Page(int page)
    {
        lock (Gate)
            return _memory.AsSpan((page * 132) + (isSh1106 ? 2 : 0), Width).ToArray();
    }

    protected override void PowerOn()
    {
        new Random(1).NextBytes(_memory); // noise until it is written
        (IsOn, HasChargePump, _isHorizontal, Contrast) = (false, false, false, 0x7F);
        (_column, _page, _firstColumn, _lastColumn, _firstPage, _lastPage) = (0, 0, 0, Width - 1, 0, Pages - 1);
    }

    protected override void OnRead(Span<byte> bytes) => bytes.Fill((byte)(IsOn ? 0x03 : 0x43));

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (bytes[0] == 0x40)
        {
            foreach (var value in bytes[1..])
                Store(value);
            return;
        }

        for (var i = 1; i < bytes.Length;)
            i += Command(bytes[i..]);
    }

    private void Store(byte value)
    {
        _memory[(_page * 132) + _column] = value;
        _column++;
        if (!_isHorizontal)
        {
            _column %= 132;
            return;
        }

        if (_column <= _lastColumn)
            return;
        _column = _firstColumn;
        _page = _page >= _lastPage ? _firstPage : _page + 1;
    }

    /// <returns>Bytes of the command.</returns>
    private int Command(ReadOnlySpan<byte> bytes)
    {
        switch (bytes[0])
        {
            case <= 0x0F:
                _column = (_column & 0xF0) | bytes[0];
                return 1;
            case <= 0x1F:
                _column = (_column & 0x0F) | ((bytes[0] & 0x0F) << 4);
                return 1;
            case 0x20 when !isSh1106:
                _isHorizontal = bytes[1] == 0;
                return 2;
            case 0x21 when !isSh1106:
                (_firstColumn, _lastColumn, _column) = (bytes[1], bytes[2], bytes[1]);
                return 3;
            case 0x22 when !isSh1106:
                (_firstPage, _lastPage, _page) = (bytes[1], bytes[2], bytes[1]);
                return 3;
            case 0x81:
                Contrast = bytes[1];
                return 2;
            case 0x8D when !isSh1106:
                HasChargePump = bytes[1] == 0x14;
                return 2;
            case 0xAD when isSh1106:
                HasChargePump = bytes[1] == 0x8B;
                return 2;
            case 0xA8 or 0xD3 or 0xD5 or 0xD9 or 0xDA or 0xDB:
                return 2;
            case 0xAE or 0xAF:
                IsOn = bytes[0] == 0xAF;
                return 1;
            case >= 0xB0 and <= 0xB7:
                _page = bytes[0] & 7;
                return 1;
            default:
                return 1;
        }
    }
}
