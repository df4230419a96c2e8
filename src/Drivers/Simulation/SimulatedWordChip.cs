using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A chip with 16-bit registers, as TI and Vishay make them: a pointer that stays, words of two bytes.</summary>
public abstract class SimulatedWordChip(TimeProvider time, bool littleEndian = false) : SimulatedI2cChip(time)
{
    private byte _pointer;

    protected ushort[] Words { get; } = new ushort[256];

    /// <summary>Looks into a register without the bus, for tests.</summary>
    public ushort Peek(byte register)
    {
        lock (Gate)
            return Words[register];
    }

    /// <summary>Sets a register without the bus, for tests.</summary>
    public void Poke(byte register, ushort value)
    {
        lock (Gate)
            Words[register] = value;
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _pointer = Pointer(bytes[0]);
        if (bytes.Length < 3 || !IsWritable(_pointer))
            return;
        var value = littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        Words[_pointer] = value;
        OnWritten(_pointer, value);
    }

    protected override void OnRead(Span<byte> bytes)
    {
        OnReading(_pointer);
        for (var i = 0; i < bytes.Length; i++)
        {
            var high = littleEndian ? i % 2 == 1 : i % 2 == 0;
            bytes[i] = (byte)(high ? Words[_pointer] >> 8 : Words[_pointer]);
        }

        OnReadDone(_pointer);
    }

    /// <summary>The register a pointer byte means; some chips decode fewer bits.</summary>
    protected virtual byte Pointer(byte written) => written;

    protected abstract bool IsWritable(byte register);

    protected virtual void OnWritten(byte register, ushort value)
    {
    }

    protected virtual void OnReading(byte register)
    {
    }

    protected virtual void OnReadDone(byte register)
    {
    }
}
