using System.Buffers.Binary;

namespace EdgeGateway.Storage.Log;

/// <summary>
/// One file of the log. Positions are addresses in one endless sequence of bytes: a segment holds those from
/// <see cref="Base"/> to <see cref="End"/>, its first 64 bytes are the segment's own header (magic, base, capacity, seed, CRC).
/// </summary>
internal sealed record Segment(string Name, ILogFile File, long Base, int Capacity, uint Seed)
{
    public const int HeaderBytes = 64;
    private const string Suffix = ".log";
    private const int CheckedBytes = 28;
    private static ReadOnlySpan<byte> Magic => "EGLOGSG1"u8;

    /// <summary>Where the first record starts.</summary>
    public long First => Base + HeaderBytes;

    public long End => Base + Capacity;

    public static string NameOf(long position) => $"{position:x16}{Suffix}";

    /// <returns>The base a segment file's name claims; null for other files.</returns>
    public static long? BaseOf(string name) =>
        name.Length == 16 + Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var position) ? position : null;

    /// <summary>Makes a file a segment: writes its header. Not synced.</summary>
    /// <param name="seed">The log's own, the same in all its segments, so that a damaged header does not take its records along.</param>
    public static Segment Initialise(ILogFile file, long position, int capacity, uint seed)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], position);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], capacity);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], seed);
        BinaryPrimitives.WriteUInt32LittleEndian(header[CheckedBytes..], RecordFormat.Crc(header[..CheckedBytes], 0));
        file.Write(header, 0);
        return new(NameOf(position), file, position, capacity, seed);
    }

    /// <returns>Null: no valid header.</returns>
    public static Segment? TryOpen(string name, ILogFile file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.Read(header, 0) < HeaderBytes || !header.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[CheckedBytes..]) != RecordFormat.Crc(header[..CheckedBytes], 0))
            return null;
        return new(
            name,
            file,
            BinaryPrimitives.ReadInt64LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[20..]));
    }

    /// <summary>Everything from a position to the end of the segment; what the file lacks reads as zero.</summary>
    public byte[] ReadToEnd(long position)
    {
        var bytes = new byte[End - position];
        File.Read(bytes, position - Base);
        return bytes;
    }
}
