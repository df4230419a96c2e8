namespace EdgeGateway.Storage.Log;

/// <summary>One record as it was appended. The memory belongs to whoever read it and holds until the next read.</summary>
public readonly record struct LogRecord(long Position, byte Type, byte Flags, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>Bytes it takes in the log.</summary>
    public int Length => RecordFormat.OverheadBytes + Header.Length + Body.Length;

    /// <summary>Where the next record may start.</summary>
    public long End => Position + Length;
}
