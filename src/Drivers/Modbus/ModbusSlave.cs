namespace EdgeGateway.Drivers;

/// <summary>A device's place on a Modbus line. For one caller at a time.</summary>
public sealed class ModbusSlave : IDisposable
{
    private const int MostTries = 4, MostSilentTries = 2;

    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80)];

    private readonly ModbusLine _line;
    private readonly BusQueue.Holder _holder;
    private readonly TimeProvider _time;
    private readonly byte _slave;
    private Action? _released;

    internal ModbusSlave(ModbusLine line, DeviceName name, byte slave, TimeProvider time, Action released)
    {
        _line = line;
        _holder = new BusQueue.Holder(name);
        _slave = slave;
        _time = time;
        _released = released;
        Name = name;
    }

    public DeviceName Name { get; }

    /// <summary>Function 04.</summary>
    /// <param name="start">Counted from 0, as on the wire.</param>
    /// <param name="count">Registers of 16 bits, at most 125.</param>
    /// <returns>Their bytes, big-endian.</returns>
    /// <exception cref="DriverException">Silence, garbage, a wrong checksum after the tries; an exception reply is <see cref="DriverFault.ChipFault"/>.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadInputRegistersAsync(ushort start, ushort count, CancellationToken cancellationToken) =>
        ReadAsync(ModbusFrame.ReadInputRegisters, start, count, cancellationToken);

    /// <summary>Function 03.</summary>
    /// <inheritdoc cref="ReadInputRegistersAsync"/>
    public ValueTask<ReadOnlyMemory<byte>> ReadHoldingRegistersAsync(ushort start, ushort count, CancellationToken cancellationToken) =>
        ReadAsync(ModbusFrame.ReadHoldingRegisters, start, count, cancellationToken);

    /// <summary>Told once it is given back.</summary>
    internal Action? Closed { get; set; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, null) is not { } released)
            return;
        released();
        Closed?.Invoke();
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(byte function, ushort start, ushort count, CancellationToken cancellationToken)
    {
        var request = ModbusFrame.Request(_slave, function, start, count);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var reply = await _line.AskAsync(_holder, request, count * 2, cancellationToken).ConfigureAwait(false);
                if ((reply.Span[1] & ModbusFrame.ExceptionFlag) == 0)
                    return reply[3..^2];
                if (reply.Span[2] != ModbusFrame.Busy || attempt == MostTries)
                    throw Exception(reply.Span[2], start, count);
            }
            catch (DriverException ex) when (attempt < (ex.Fault == DriverFault.Absent ? MostSilentTries : MostTries) && IsOfTheWire(ex))
            {
                // The wire or the slave missed it: ask again.
            }

            await Task.Delay(RetryDelays[attempt - 1], _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsOfTheWire(DriverException failure) => failure.Fault is DriverFault.Absent or DriverFault.Checksum or DriverFault.Garbage;

    private DriverException Exception(byte code, ushort start, ushort count) =>
        new(DriverFault.ChipFault, Name, $"exception {code} ({ModbusFrame.ExceptionText(code)}) for {count} registers from 0x{start:X4}",
            code == ModbusFrame.Busy ? "what else asks the slave" : "the driver: another model has other registers");
}
