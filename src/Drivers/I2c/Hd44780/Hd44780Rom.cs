namespace EdgeGateway.Drivers;

/// <summary>Characters of the HD44780's two character generators (Hitachi ADE-207-272, Tables 4).</summary>
internal static class Hd44780Rom
{
    private const byte Unknown = (byte)'?';

    private static readonly (char Character, byte A00)[] Japanese =
        [('°', 0xDF), ('ä', 0xE1), ('ß', 0xE2), ('µ', 0xE4), ('ö', 0xEF), ('ü', 0xF5), ('Ω', 0xF4), ('ñ', 0xEE), ('÷', 0xFD), ('→', 0x7E), ('←', 0x7F), ('·', 0xA5)];

    /// <param name="isEuropean">A02; else A00.</param>
    public static byte Encode(char character, bool isEuropean)
    {
        if (isEuropean)
            return character is >= ' ' and <= '}' or >= '\u00A1' and <= 'ÿ' ? (byte)character : Unknown; // A02 follows ISO 8859-1 above 0xA0
        if (character is >= ' ' and <= '}' and not '\\')
            return (byte)character;
        foreach (var (known, code) in Japanese)
            if (known == character)
                return code;
        return Unknown;
    }

    public static char Decode(byte code, bool isEuropean)
    {
        if (isEuropean)
            return code is >= 0x20 and <= 0x7D or >= 0xA1 ? (char)code : '?';
        foreach (var (known, value) in Japanese)
            if (value == code)
                return known;
        return code is >= 0x20 and <= 0x7D ? (char)code : '?';
    }
}
