using System.Buffers.Binary;

namespace EdgeGateway.Search.Fields;

/// <summary>Reads what <see cref="FieldWriter"/> wrote, field by field.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> fields)
{
    private ReadOnlySpan<byte> _rest = fields;
    private byte _what;

    public ulong Field { get; private set; }
    public double Number { get; private set; }

    /// <summary>Empty without text.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    public readonly bool IsNumber => (_what & FieldWriter.HasNumber) != 0;
    public readonly bool IsText => (_what & FieldWriter.HasText) != 0;
    public readonly bool IsDynamic => (_what & FieldWriter.IsDynamic) != 0;

    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        Field = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _what = _rest[8];
        _rest = _rest[9..];
        Text = default;
        if (IsNumber)
        {
            Number = BinaryPrimitives.ReadDoubleLittleEndian(_rest);
            _rest = _rest[8..];
        }
        if (!IsText)
            return true;
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var octet = _rest[0];
            _rest = _rest[1..];
            length |= (octet & 0x7F) << shift;
            if (octet < 0x80)
                break;
        }
        Text = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
