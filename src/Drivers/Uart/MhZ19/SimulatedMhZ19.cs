using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An MH-Z19 at the far end of a line: answers commands with a right checksum, keeps silent on others.</summary>
public sealed class SimulatedMhZ19
{
    private readonly SimulatedUart _line;
    private readonly List<byte> _received = [];

    public SimulatedMhZ19(SimulatedUart line)
    {
        _line = line;
        line.OnReceived = Receive;
    }

    public int Ppm { get; set; } = 608;

    public int Celsius { get; set; } = 31;

    public int Range { get; private set; } = 2000;

    /// <summary>Null until a command has set it.</summary>
    public bool? SelfCalibration { get; private set; }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        _received.AddRange(bytes.Span);
        while (_received.Count >= MhZ19Frame.Length)
        {
            var frame = _received.GetRange(0, MhZ19Frame.Length).ToArray();
            if (frame[0] != MhZ19Frame.Start || Sums.Complement(frame.AsSpan(1, 7)) != frame[8])
            {
                _received.RemoveAt(0);
                continue;
            }

            _received.RemoveRange(0, MhZ19Frame.Length);
            Act(frame);
        }
    }

    private void Act(byte[] frame)
    {
        switch (frame[2])
        {
            case MhZ19Frame.ReadCommand:
                var answer = new byte[] { 0xFF, 0x86, (byte)(Ppm >> 8), (byte)Ppm, (byte)(Celsius + 40), 0, 0, 0, 0 };
                answer[8] = Sums.Complement(answer.AsSpan(1, 7));
                _line.Send(answer);
                break;
            case MhZ19Frame.SelfCalibrationCommand:
                SelfCalibration = frame[3] == 0xA0;
                break;
            case MhZ19Frame.RangeCommand:
                Range = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(6));
                break;
        }
    }
}
