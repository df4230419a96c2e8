using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An SHT3x: acknowledges nothing while it measures, checksum after every word, status with heater and reset bits.</summary>
public sealed class SimulatedSht3x(TimeProvider time) : SimulatedCommandChip(time)
{
    private const ushort StatusAfterReset = 0x8010; // alert pending and reset detected, Table 18

    private ushort _rawTemperature = 0x6666, _rawHumidity = 0x8000;
    private ushort _status;

    public void SetClimate(double celsius, double humidityPercent) =>
        SetRaw((ushort)Math.Clamp(Math.Round((celsius + 45) / 175 * 65535), 0, 65535), (ushort)Math.Clamp(Math.Round(humidityPercent / 100 * 65535), 0, 65535));

    public void SetRaw(ushort temperature, ushort humidity)
    {
        lock (Gate)
            (_rawTemperature, _rawHumidity) = (temperature, humidity);
    }

    /// <summary>As another program on the bus might.</summary>
    public void TurnHeaterOn()
    {
        lock (Gate)
            _status |= Sht3x.StatusHeaterOn;
    }

    protected override void PowerOn()
    {
        base.PowerOn();
        _status = StatusAfterReset;
    }

    protected override bool TakesWhileBusy(ReadOnlySpan<byte> command) => command.Length == 2 && BinaryPrimitives.ReadUInt16BigEndian(command) == Sht3x.Break;

    protected override CommandAnswer? Respond(ReadOnlySpan<byte> command)
    {
        if (command.Length != 2)
            return null;
        switch (BinaryPrimitives.ReadUInt16BigEndian(command))
        {
            case 0x2400:
                return Measured(15.5);
            case 0x240B:
                return Measured(6.5);
            case 0x2416:
                return Measured(4.5);
            case Sht3x.ReadStatus:
                return new CommandAnswer(WithChecksums(_status), TimeSpan.Zero);
            case Sht3x.ClearStatus:
                _status &= unchecked((ushort)~0x8C10);
                return CommandAnswer.None();
            case Sht3x.HeaterOff:
                _status &= unchecked((ushort)~Sht3x.StatusHeaterOn);
                return CommandAnswer.None();
            case 0x306D:
                _status |= Sht3x.StatusHeaterOn;
                return CommandAnswer.None();
            case Sht3x.Break:
                return CommandAnswer.None(TimeSpan.FromMilliseconds(1));
            case 0x30A2:
                PowerOn();
                return CommandAnswer.None(TimeSpan.FromMilliseconds(1.5));
            default:
                return null;
        }
    }

    private CommandAnswer Measured(double milliseconds) =>
        new(WithChecksums(_rawTemperature, _rawHumidity), TimeSpan.FromMilliseconds(milliseconds)); // maximum times, Table 4: who waits less is caught
}
