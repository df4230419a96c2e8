using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeGateway.Storage.Log;

/// <summary>
/// A record on disk, little-endian: length of the whole (4), CRC-32C (4), position (8), distance to the start of its batch (4),
/// length of the header part (2), type (1), flags (1), header part, body.
/// The CRC covers everything but itself and starts from the segment's random seed, so that a payload cannot pose as a record.
/// The position tells a record from what the recycled file held before. The distance tells damage from a torn tail: a batch is
/// written after the one before it was synced, so a valid record proves that everything ahead of its batch was durable.
/// </summary>
internal static class RecordFormat
{
    public const int OverheadBytes = 24;

    /// <summary>Ends every segment but the last; the others' types are the owner's.</summary>
    public const byte SealType = 0;

    private const int CrcAt = 4, PositionAt = 8, DistanceAt = 16, HeaderLengthAt = 20, TypeAt = 22, FlagsAt = 23;

    /// <summary>Writes all but the CRC, which <see cref="Finish"/> fills in off the appender's lock.</summary>
    /// <returns>Where the body goes.</returns>
    public static Span<byte> Write(Span<byte> target, long position, int sinceBatch, byte type, byte flags, ReadOnlySpan<byte> header)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, target.Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[PositionAt..], position);
        BinaryPrimitives.WriteInt32LittleEndian(target[DistanceAt..], sinceBatch);
        BinaryPrimitives.WriteUInt16LittleEndian(target[HeaderLengthAt..], (ushort)header.Length);
        target[TypeAt] = type;
        target[FlagsAt] = flags;
        header.CopyTo(target[OverheadBytes..]);
        return target[(OverheadBytes + header.Length)..];
    }

    /// <summary>Fills in the CRC of every record of a batch.</summary>
    public static void Finish(Span<byte> batch, uint seed)
    {
        while (!batch.IsEmpty)
        {
            var length = LengthOf(batch);
            BinaryPrimitives.WriteUInt32LittleEndian(batch[CrcAt..], Checksum(batch[..length], seed));
            batch = batch[length..];
        }
    }

    public static bool IsSeal(ReadOnlySpan<byte> record) => record[TypeAt] == SealType;

    public static int LengthOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record);

    public static long BatchStartOf(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadInt64LittleEndian(record[PositionAt..]) - BinaryPrimitives.ReadUInt32LittleEndian(record[DistanceAt..]);

    /// <summary>Whether the fixed part can be that of a record at this position; its length is then within bounds.</summary>
    public static bool IsPlausible(ReadOnlySpan<byte> bytes, long position, long segmentEnd) =>
        bytes.Length >= OverheadBytes
        && BinaryPrimitives.ReadInt64LittleEndian(bytes[PositionAt..]) == position
        && LengthOf(bytes) is var length && length >= OverheadBytes && length <= segmentEnd - position
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes[HeaderLengthAt..]) <= length - OverheadBytes;

    /// <summary>Whether a whole, undamaged record of this position starts here.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes, long position, long segmentEnd, uint seed)
    {
        if (!IsPlausible(bytes, position, segmentEnd))
            return false;
        var length = LengthOf(bytes);
        return length <= bytes.Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Checksum(bytes[..length], seed);
    }

    /// <summary>Offset of the next valid record at or after <paramref name="offset"/>; -1 if there is none.</summary>
    public static int Find(ReadOnlySpan<byte> bytes, int offset, long positionOfFirst, long segmentEnd, uint seed)
    {
        for (; offset <= bytes.Length - OverheadBytes; offset++)
            if (BinaryPrimitives.ReadInt64LittleEndian(bytes[(offset + PositionAt)..]) == positionOfFirst + offset
                && IsValid(bytes[offset..], positionOfFirst + offset, segmentEnd, seed))
                return offset;
        return -1;
    }

    public static LogRecord Read(ReadOnlyMemory<byte> record)
    {
        var bytes = record.Span;
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[HeaderLengthAt..]);
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[PositionAt..]),
            bytes[TypeAt],
            bytes[FlagsAt],
            record.Slice(OverheadBytes, headerLength),
            record[(OverheadBytes + headerLength)..]);
    }

    /// <summary>CRC-32C (Castagnoli), eight bytes a step: one instruction on x64 and arm64.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }

    private static uint Checksum(ReadOnlySpan<byte> record, uint seed) =>
        ~Crc(record[PositionAt..], BitOperations.Crc32C(seed, (uint)record.Length));
}
