using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>The bytes of a 24Cxx: reads of any length, writes cut at its pages. For one caller at a time.</summary>
internal sealed class Eeprom24cMemory(I2cBusOwner bus, int address, Eeprom24cSize size, string chip) : IDisposable
{
    private static readonly TimeSpan WriteTime = TimeSpan.FromMilliseconds(5);
    private const int LongestRead = 64;

    private readonly I2cChip?[] _blocks = new I2cChip?[size.Blocks];

    /// <exception cref="DriverException">Absent, or the bus failed.</exception>
    public async ValueTask ReadAsync(int offset, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(Math.Min(bytes.Length, LongestRead), size.BlockBytes - (offset % size.BlockBytes));
            await Block(offset).WriteReadAsync(Address(offset, []), bytes[..length], cancellationToken).ConfigureAwait(false);
            (offset, bytes) = (offset + length, bytes[length..]);
        }
    }

    /// <exception cref="DriverException">Absent, or the bus failed. What was written until then stays.</exception>
    public async ValueTask WriteAsync(int offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, size.PageBytes - (offset % size.PageBytes));
            await Block(offset).WriteAsync(Address(offset, bytes.Span[..length]), cancellationToken).ConfigureAwait(false);
            await Block(offset).WaitAsync(WriteTime, cancellationToken).ConfigureAwait(false); // a slower chip does not acknowledge, and is asked again
            (offset, bytes) = (offset + length, bytes[length..]);
        }
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
            block?.Dispose();
        Array.Clear(_blocks);
    }

    private I2cChip Block(int offset)
    {
        var block = offset / size.BlockBytes;
        return _blocks[block] ??= bus.Open(address + block, chip);
    }

    private byte[] Address(int offset, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[size.AddressBytes + data.Length];
        if (size.AddressBytes == 2)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)offset);
        else
            bytes[0] = (byte)(offset % size.BlockBytes);
        data.CopyTo(bytes.AsSpan(size.AddressBytes));
        return bytes;
    }
}
