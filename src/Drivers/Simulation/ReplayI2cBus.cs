using System.Device.I2c;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>
/// Remembers what the transfers of one reading gave and gives it again and again without a chip: the fakes keep logs and make arrays,
/// which hides what a driver itself costs.
/// </summary>
public sealed class ReplayI2cBus(I2cBus recorded) : I2cBus
{
    private readonly List<byte[]> _tape = [];
    private bool _isReplaying;
    private int _position;

    /// <summary>Transfers on the tape.</summary>
    public int Transfers => _tape.Count;

    /// <summary>Bytes on the wire of one round of the tape, an address byte for each start among them.</summary>
    public int BytesOnTheWire { get; private set; }

    /// <summary>Begins the tape: what follows until <see cref="Replay"/> is one round.</summary>
    public void Record()
    {
        _tape.Clear();
        BytesOnTheWire = 0;
        _isReplaying = false;
    }

    /// <summary>From here on only the tape answers, from its start when it ends.</summary>
    public void Replay() => (_isReplaying, _position) = (true, 0);

    public override I2cDevice CreateDevice(int deviceAddress) => new Device(this, recorded.CreateDevice(deviceAddress));

    public override void RemoveDevice(int deviceAddress) => recorded.RemoveDevice(deviceAddress);

    private ReadOnlySpan<byte> Next()
    {
        var answer = _tape[_position];
        _position = (_position + 1) % _tape.Count;
        return answer;
    }

    private void Keep(ReadOnlySpan<byte> written, ReadOnlySpan<byte> read)
    {
        _tape.Add(read.ToArray());
        BytesOnTheWire += (written.IsEmpty ? 0 : written.Length + 1) + (read.IsEmpty ? 0 : read.Length + 1);
    }

    private sealed class Device(ReplayI2cBus bus, I2cDevice inner) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings => inner.ConnectionSettings;

        public override void Read(Span<byte> buffer)
        {
            if (bus._isReplaying)
            {
                bus.Next().CopyTo(buffer);
                return;
            }

            inner.Read(buffer);
            bus.Keep([], buffer);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (bus._isReplaying)
            {
                _ = bus.Next();
                return;
            }

            inner.Write(buffer);
            bus.Keep(buffer, []);
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            if (bus._isReplaying)
            {
                bus.Next().CopyTo(readBuffer);
                return;
            }

            inner.WriteRead(writeBuffer, readBuffer);
            bus.Keep(writeBuffer, readBuffer);
        }
    }
}
