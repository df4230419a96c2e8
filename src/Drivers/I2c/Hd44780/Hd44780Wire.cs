namespace EdgeGateway.Drivers;

/// <summary>How a PCF8574 backpack drives an HD44780: P0 RS, P1 RW, P2 E, P3 backlight, P4 to P7 the data, a nibble at a time.</summary>
internal static class Hd44780Wire
{
    public const byte RegisterSelect = 0x01, Read = 0x02, Enable = 0x04, Backlight = 0x08, DataPins = 0xF0;

    /// <summary>Instructions (Table 6).</summary>
    public const byte Clear = 0x01, EntryLeftToRight = 0x06, DisplayOn = 0x0C, FourBitsTwoLines = 0x28, SetAddress = 0x80;

    private static ReadOnlySpan<byte> RowAddresses => [0x00, 0x40, 0x14, 0x54];

    /// <summary>Address of a row's first character; the third row goes on where the first ends.</summary>
    public static byte Row(int row, int columns) => row < 2 ? RowAddresses[row] : (byte)(RowAddresses[row - 2] + columns);

    /// <summary>The bytes for the backpack that move one byte: each nibble with E high, then low.</summary>
    public static void Append(List<byte> bytes, byte value, byte lines)
    {
        AppendNibble(bytes, (byte)(value & 0xF0), lines);
        AppendNibble(bytes, (byte)(value << 4), lines);
    }

    public static void AppendNibble(List<byte> bytes, byte nibble, byte lines)
    {
        bytes.Add((byte)(nibble | lines | Enable));
        bytes.Add((byte)(nibble | lines));
    }
}
