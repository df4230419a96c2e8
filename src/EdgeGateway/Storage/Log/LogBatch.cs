namespace EdgeGateway.Storage.Log;

/// <summary>Records on their way to the disk: one write and one sync. Filled under the log's lock, then left alone until written.</summary>
internal sealed class LogBatch
{
    private const int InitialBytes = 64 << 10;
    private byte[] _buffer = new byte[InitialBytes];

    /// <summary>Position of the first record.</summary>
    public long Start { get; private set; }

    /// <summary>Base of the segment it belongs to.</summary>
    public long SegmentBase { get; private set; }

    public int Length { get; private set; }
    public int Records { get; private set; }
    public long End => Start + Length;
    public Span<byte> Bytes => _buffer.AsSpan(0, Length);

    public void Begin(long start, long segmentBase)
    {
        Start = start;
        SegmentBase = segmentBase;
        Length = 0;
        Records = 0;
    }

    public void Add(byte type, byte flags, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, ReadOnlySpan<byte> more, ReadOnlySpan<byte> last)
    {
        var length = RecordFormat.OverheadBytes + header.Length + body.Length + more.Length + last.Length;
        if (Length + length > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Max(Math.Min(2L * _buffer.Length, Array.MaxLength), Length + (long)length));
        var target = RecordFormat.Write(_buffer.AsSpan(Length, length), Start + Length, Length, type, flags, header);
        body.CopyTo(target);
        more.CopyTo(target[body.Length..]);
        last.CopyTo(target[(body.Length + more.Length)..]);
        Length += length;
        Records++;
    }

    /// <summary>Copies one record out of it.</summary>
    /// <returns>False: no record starts there.</returns>
    public bool TryCopy(long position, ref byte[] buffer, out int length)
    {
        length = 0;
        var rest = Bytes[(int)(position - Start)..];
        if (!RecordFormat.IsPlausible(rest, position, End))
            return false;
        length = RecordFormat.LengthOf(rest);
        if (buffer.Length < length)
            buffer = new byte[length];
        rest[..length].CopyTo(buffer);
        return true;
    }

    /// <summary>Gives back the memory an unusually large batch took.</summary>
    public void Shrink(int atMost)
    {
        if (_buffer.Length > Math.Max(atMost, InitialBytes))
            _buffer = new byte[InitialBytes];
    }
}
