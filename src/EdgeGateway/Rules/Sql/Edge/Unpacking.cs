using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// `unpack(base64, 'format')` (AWS guide: Binary payloads): a packed frame as an Object. The format lists fields, `type name`, with commas between:
/// `u8 u16 u24 u32 u64`, the same with `i`, `f32 f64`, `b1`…`b32` (bits, the highest of a byte first), `sN` (text of N bytes), `xN` (N bytes passed over, no name).
/// `&gt;` (big endian, as without) or `&lt;` (little endian) before a type counts from there on.
/// </summary>
internal static class Unpacking
{
    private const int MaxFormats = 256;
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Field>?> Formats = new(StringComparer.Ordinal);

    /// <param name="Size">Bits of `b`, else bytes.</param>
    private readonly record struct Field(char Kind, int Size, bool IsLittle, string Name);

    /// <returns>Undefined where the format is none; Null where the frame is no base64 or too short.</returns>
    public static SqlValue Unpack(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments[0].Kind != SqlKind.String || arguments[1].Kind != SqlKind.String || FieldsOf(arguments[1].AsString) is not { } fields || !evaluation.MayHold(arguments[0].AsString.Length))
            return default;
        var bytes = new byte[(arguments[0].AsString.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(arguments[0].AsString, bytes, out var count) ? evaluation.Hold(Read(bytes.AsSpan(0, count), fields, evaluation.Version)) : SqlValue.Null;
    }

    /// <summary>The double a single was written from: the one with the fewest digits.</summary>
    internal static double Widen(float value) => float.IsFinite(value) ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;

    private static SqlValue Read(ReadOnlySpan<byte> frame, IReadOnlyList<Field> fields, SqlVersion version)
    {
        var result = new SqlObject(fields.Count);
        var bit = 0L;
        foreach (var field in fields)
        {
            if (field.Kind != 'b')
                bit = (bit + 7) / 8 * 8; // bits that are left of a byte go unread
            var size = field.Kind == 'b' ? field.Size : field.Size * 8L;
            if (bit + size > frame.Length * 8L)
                return SqlValue.Null;
            if (field.Kind == 'b')
                result.Set(field.Name, Bits(frame, (int)bit, field.Size));
            else if (field.Kind != 'x')
                result.Set(field.Name, Value(frame.Slice((int)(bit / 8), field.Size), field, version));
            bit += size;
        }
        return result;
    }

    private static long Bits(ReadOnlySpan<byte> frame, int from, int count)
    {
        var value = 0L;
        for (var bit = from; bit < from + count; bit++)
            value = (value << 1) | (uint)((frame[bit / 8] >> (7 - (bit % 8))) & 1);
        return value;
    }

    private static SqlValue Value(ReadOnlySpan<byte> bytes, Field field, SqlVersion version)
    {
        switch (field.Kind)
        {
            case 's':
                return System.Text.Encoding.UTF8.GetString(bytes).TrimEnd('\0');
            case 'f' when field.Size == 4:
                return SqlValue.Double(Widen(field.IsLittle ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadSingleBigEndian(bytes)), version);
            case 'f':
                return SqlValue.Double(field.IsLittle ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes), version);
            default:
                return SqlNumber.TryCreate(new BigInteger(bytes, isUnsigned: field.Kind == 'u', isBigEndian: !field.IsLittle), 0, out var number) ? SqlValue.Int(number) : default;
        }
    }

    private static IReadOnlyList<Field>? FieldsOf(string format)
    {
        if (Formats.TryGetValue(format, out var known))
            return known;
        if (Formats.Count >= MaxFormats)
            Formats.Clear();
        return Formats[format] = Parse(format);
    }

    private static List<Field>? Parse(string format)
    {
        var fields = new List<Field>();
        var isLittle = false;
        foreach (var part in format.Split(','))
        {
            var text = part.Trim();
            if (text.StartsWith('<') || text.StartsWith('>'))
                (isLittle, text) = (text[0] == '<', text[1..].TrimStart());
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length is 0 or > 2 || !int.TryParse(words[0][1..], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                return null;
            var kind = words[0][0];
            var isKnown = kind switch
            {
                'u' or 'i' => size is 8 or 16 or 24 or 32 or 64,
                'f' => size is 32 or 64,
                'b' => size is >= 1 and <= 32,
                's' or 'x' => size is >= 1 and <= 4096,
                _ => false,
            };
            if (!isKnown || (words.Length == 1) != (kind == 'x') || fields.Count >= 256)
                return null;
            fields.Add(new(kind, kind is 'u' or 'i' or 'f' ? size / 8 : size, isLittle, words.Length == 2 ? words[1] : ""));
        }
        return fields;
    }
}
