namespace EdgeGateway.Drivers.Simulation;

/// <summary>A chip with 8-bit registers: a pointer that is written first and counts up by itself, registers that may be read-only.</summary>
public abstract class SimulatedRegisterChip(TimeProvider time) : SimulatedI2cChip(time)
{
    private byte _pointer;

    /// <summary>The registers as they are, without the bus.</summary>
    protected byte[] Registers { get; } = new byte[256];

    /// <summary>Looks into a register without the bus, for tests.</summary>
    public byte Peek(byte register)
    {
        lock (Gate)
            return Registers[register];
    }

    /// <summary>Sets registers without the bus, for tests: past what the chip would allow.</summary>
    public void Poke(byte register, params ReadOnlySpan<byte> values)
    {
        lock (Gate)
            values.CopyTo(Registers.AsSpan(register));
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _pointer = bytes[0];
        foreach (var value in bytes[1..])
        {
            if (IsWritable(_pointer))
            {
                Registers[_pointer] = value;
                OnWritten(_pointer, value);
            }

            _pointer = NextWritten(_pointer);
        }
    }

    protected override void OnRead(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
        {
            OnReading(_pointer);
            value = Registers[_pointer];
            OnReadDone(_pointer);
            _pointer = Next(_pointer);
        }
    }

    protected abstract bool IsWritable(byte register);

    /// <summary>A register has a new value: acts on it.</summary>
    protected virtual void OnWritten(byte register, byte value)
    {
    }

    /// <summary>A register is about to be read: brings it up to date.</summary>
    protected virtual void OnReading(byte register)
    {
    }

    /// <summary>A register was read: clears what reading clears.</summary>
    protected virtual void OnReadDone(byte register)
    {
    }

    /// <summary>The register after this one when several are read.</summary>
    protected virtual byte Next(byte register) => (byte)(register + 1);

    /// <summary>The register after this one when several are written.</summary>
    protected virtual byte NextWritten(byte register) => Next(register);
}
