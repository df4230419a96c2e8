using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeGateway.Search.Fields;

/// <summary>
/// Puts the fields of one part of a thing (its registry entry, its connectivity, one shadow) behind each other into one array:
/// name (8 bytes), what follows (1), number (8, little-endian IEEE 754), text (length as LEB128, UTF-8).
/// </summary>
internal sealed class FieldWriter
{
    public const byte HasNumber = 1, HasText = 2, IsDynamic = 4;
    private readonly ArrayBufferWriter<byte> _to = new(256);

    /// <param name="readsNumber">A text that reads as a number is one too, as the registry's are (AWS guide: Fleet indexing).</param>
    /// <param name="dynamicGroup">The name of a dynamic group, which queries of dynamic groups do not see.</param>
    public void Text(ulong field, string text, bool readsNumber = false, bool dynamicGroup = false) =>
        Text(field, Encoding.UTF8.GetBytes(text), readsNumber, dynamicGroup);

    public void Text(ulong field, ReadOnlySpan<byte> utf8, bool readsNumber = false, bool dynamicGroup = false)
    {
        var number = 0d;
        var isNumber = readsNumber && TryNumber(utf8, out number);
        Head(field, (byte)(HasText | (isNumber ? HasNumber : 0) | (dynamicGroup ? IsDynamic : 0)), isNumber ? number : null);
        var length = (uint)utf8.Length;
        for (; length >= 0x80; length >>= 7)
            Put((byte)(length | 0x80));
        Put((byte)length);
        _to.Write(utf8);
    }

    public void Number(ulong field, double number) => Head(field, HasNumber, number);

    public void Boolean(ulong field, bool value) => Text(field, value ? "true"u8 : "false"u8);

    public byte[] ToArray() => _to.WrittenSpan.ToArray();

    /// <summary>A finite number in JSON's manner of writing, a plus sign allowed.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> utf8, out double number) => double.TryParse(
        utf8, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private void Head(ulong field, byte what, double? number)
    {
        var head = _to.GetSpan(17);
        BinaryPrimitives.WriteUInt64LittleEndian(head, field);
        head[8] = what;
        if (number is { } value)
            BinaryPrimitives.WriteDoubleLittleEndian(head[9..], value);
        _to.Advance(number is null ? 9 : 17);
    }

    private void Put(byte octet)
    {
        _to.GetSpan(1)[0] = octet;
        _to.Advance(1);
    }
}
