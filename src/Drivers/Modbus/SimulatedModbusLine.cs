using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>Modbus slaves at the far end of a serial line: they answer function 04 and 03 from their registers, as strict as the standard.</summary>
public sealed class SimulatedModbusLine
{
    private readonly SimulatedUart _line;
    private readonly Dictionary<byte, Dictionary<ushort, ushort>> _slaves = [];
    private readonly HashSet<byte> _silent = [];
    private readonly List<byte> _received = [];
    private int _spoilt, _truncated;
    private (byte Code, int Times) _exception;

    public SimulatedModbusLine(SimulatedUart line)
    {
        _line = line;
        line.OnReceived = Receive;
    }

    /// <summary>Bytes that come before each reply, as a line picks them up when it turns round.</summary>
    public byte[] Noise { get; set; } = [];

    /// <summary>The adapter hears what it sends itself.</summary>
    public bool HasEcho { get; set; }

    /// <summary>Most registers one request may ask for.</summary>
    public int MostRegisters { get; set; } = 40;

    /// <summary>Requests answered or not, by slave.</summary>
    public Dictionary<byte, int> Requests { get; } = [];

    public void AddSlave(byte address) => _slaves[address] = [];

    /// <summary>Sets a value of two registers, IEEE 754, big-endian.</summary>
    public void Set(byte slave, ushort register, double value)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)value);
        _slaves[slave][register] = (ushort)(bits >> 16);
        _slaves[slave][(ushort)(register + 1)] = (ushort)bits;
    }

    public void Silence(byte slave) => _silent.Add(slave);

    public void Speak(byte slave) => _silent.Remove(slave);

    public void SpoilChecksum(int times = 1) => _spoilt = times;

    /// <summary>The next replies lose their last bytes.</summary>
    public void Truncate(int times = 1) => _truncated = times;

    /// <summary>The next requests get this exception.</summary>
    public void Refuse(byte code, int times = 1) => _exception = (code, times);

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        if (HasEcho)
            _line.Send(bytes.Span);
        _received.AddRange(bytes.Span);
        while (_received.Count >= 8)
        {
            var frame = _received.GetRange(0, 8).ToArray();
            if (!ModbusFrame.Fits(frame))
            {
                _received.RemoveAt(0);
                continue;
            }

            _received.RemoveRange(0, 8);
            Answer(frame);
        }
    }

    private void Answer(byte[] request)
    {
        Requests[request[0]] = Requests.GetValueOrDefault(request[0]) + 1;
        if (!_slaves.TryGetValue(request[0], out var registers) || _silent.Contains(request[0]))
            return;
        var reply = Reply(request, registers);
        if (_spoilt > 0)
        {
            _spoilt--;
            reply[^1] ^= 0x10;
        }

        if (_truncated > 0)
        {
            _truncated--;
            reply = reply[..^3];
        }

        _line.Send([.. Noise, .. reply]);
    }

    private byte[] Reply(byte[] request, Dictionary<ushort, ushort> registers)
    {
        var start = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));
        var count = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4));
        byte code = request[1] is not (3 or 4) ? (byte)1 : count == 0 || count > MostRegisters ? (byte)3 : (byte)0;
        if (_exception.Times > 0)
        {
            _exception.Times--;
            code = _exception.Code;
        }

        if (code != 0)
            return ModbusFrame.Seal([request[0], (byte)(request[1] | ModbusFrame.ExceptionFlag), code, 0, 0]);
        var reply = new byte[5 + (count * 2)];
        (reply[0], reply[1], reply[2]) = (request[0], request[1], (byte)(count * 2));
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(3 + (i * 2)), registers.GetValueOrDefault((ushort)(start + i)));
        return ModbusFrame.Seal(reply);
    }
}
