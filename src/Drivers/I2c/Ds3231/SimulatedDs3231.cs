namespace EdgeGateway.Drivers.Simulation;

/// <summary>A DS3231 that runs with the time provider from when it is set; out of the box it does not know the time.</summary>
public sealed class SimulatedDs3231(TimeProvider time) : SimulatedRegisterChip(time)
{
    private DateTimeOffset _base = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _since = time.GetTimestamp();
    private bool _stopped = true;
    private double _celsius = 25.25;

    public void Set(DateTimeOffset now)
    {
        lock (Gate)
            (_base, _since, _stopped) = (now, Time.GetTimestamp(), false);
    }

    public void SetTemperature(double celsius)
    {
        lock (Gate)
            _celsius = celsius;
    }

    /// <summary>The cell ran empty.</summary>
    public void StopOscillator()
    {
        lock (Gate)
            _stopped = true;
    }

    protected override void PowerOn() => Registers[Ds3231.Control] = 0x1C; // the cell keeps the time

    protected override bool IsWritable(byte register) => register <= Ds3231.Status;

    protected override byte Next(byte register) => (byte)((register + 1) % 0x13);

    protected override void OnReading(byte register)
    {
        var now = _base + Time.GetElapsedTime(_since);
        static byte Bcd(int value) => (byte)(((value / 10) << 4) | (value % 10));
        Registers[0] = Bcd(now.Second);
        Registers[1] = Bcd(now.Minute);
        Registers[2] = Bcd(now.Hour);
        Registers[3] = (byte)(1 + (int)now.DayOfWeek);
        Registers[4] = Bcd(now.Day);
        Registers[5] = Bcd(now.Month);
        Registers[6] = Bcd(now.Year % 100);
        Registers[Ds3231.Status] = (byte)((_stopped ? Ds3231.StatusStopped : 0) | 0x08);
        var quarters = (int)Math.Floor(_celsius * 4);
        Registers[Ds3231.TemperatureRegister] = (byte)(quarters >> 2);
        Registers[Ds3231.TemperatureRegister + 1] = (byte)((quarters & 0b11) << 6);
    }
}
