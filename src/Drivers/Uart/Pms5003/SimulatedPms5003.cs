using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A PMS5003 in passive mode at the far end of a line: acknowledges commands, measures when asked, says nothing asleep.</summary>
public sealed class SimulatedPms5003
{
    private readonly SimulatedUart _line;
    private readonly List<byte> _received = [];

    public SimulatedPms5003(SimulatedUart line)
    {
        _line = line;
        line.OnReceived = Receive;
    }

    /// <summary>The thirteen words of a frame: 3 standard, 3 atmospheric, 6 counts, version and error.</summary>
    public int[] Words { get; } = [5, 8, 9, 4, 7, 8, 1200, 350, 60, 8, 2, 1, 0x9100];

    public bool IsAsleep { get; private set; }

    /// <summary>Times it went to sleep.</summary>
    public int Sleeps { get; private set; }

    /// <summary>A measurement as it goes over the line.</summary>
    public byte[] Frame()
    {
        var frame = new byte[Pms5003Frame.Length];
        ((ReadOnlySpan<byte>)[0x42, 0x4D, 0x00, 0x1C]).CopyTo(frame);
        for (var i = 0; i < Words.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4 + (i * 2)), (ushort)Words[i]);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(30), Sums.Wide(frame.AsSpan(0, 30)));
        return frame;
    }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        _received.AddRange(bytes.Span);
        while (_received.Count >= 7)
        {
            var frame = _received.GetRange(0, 7).ToArray();
            if (frame[0] != 0x42 || frame[1] != 0x4D || Sums.Wide(frame.AsSpan(0, 5)) != BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(5)))
            {
                _received.RemoveAt(0);
                continue;
            }

            _received.RemoveRange(0, 7);
            Act(frame[2], frame[4]);
        }
    }

    private void Act(byte command, byte argument)
    {
        if (command == Pms5003Frame.SleepCommand)
        {
            Sleeps += argument == 0 && !IsAsleep ? 1 : 0;
            IsAsleep = argument == 0;
        }

        if (IsAsleep)
            return;
        if (command == Pms5003Frame.ReadCommand)
        {
            _line.Send(Frame());
            return;
        }

        byte[] answer = [0x42, 0x4D, 0x00, 0x04, command, argument, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), Sums.Wide(answer.AsSpan(0, 6)));
        _line.Send(answer);
    }
}
