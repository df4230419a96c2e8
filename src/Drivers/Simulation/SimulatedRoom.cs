namespace EdgeGateway.Drivers.Simulation;

/// <summary>
/// A room that lives, wired to a simulated header: it warms by itself and cools while the fan runs, soil dries and is watered,
/// the weather moves outside, it rains now and then, and somebody presses a button. The same seed and clock give the same life.
/// </summary>
/// <remarks>
/// i2c-1: BME280 at 0x76, SHT3x at 0x44, ADS1115 at 0x48 (AIN0 soil moisture, AIN1 a knob); w1: DS18B20 outside;
/// GPIO17: button to ground; GPIO22: a rain gauge's reed contact to ground; GPIO27: the fan's relay, active high. The Pi tells of itself.
/// Time constants are those of a demonstration: what takes a room an hour takes a minute.
/// </remarks>
public sealed class SimulatedRoom : IDisposable
{
    public const int ButtonPin = 17, FanPin = 27, RainPin = 22;
    public const string OutsideRom = "28-0316a2795f1b";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    // Without the fan the room settles well above the 26 °C of the demo's rule, with it well below.
    private const double WarmingSeconds = 90, CoolingSeconds = 25, HeatedAboveOutside = 17, FannedAboveOutside = 7;
    private const double DryingSeconds = 240, WetVolts = 1.3, DryVolts = 2.9, WateredBelow = 0.25;

    private readonly Lock _lock = new(); // guards the state of the room
    private readonly SimulatedHeader _header;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly Queue<(double AtSeconds, bool Pressed, int Edges)> _button = new();
    private readonly Queue<(double AtSeconds, bool Closed)> _tips = new();
    private readonly SimulatedRaspberryPi _pi;
    private long _last;
    private double _pressure = 101_325;
    private double _waterGramPerCubicMetre = 9.2;
    private double _moisture = 0.8;
    private double _nextPress;
    private double _nextTip;
    private bool _disposed;

    public SimulatedRoom(SimulatedHeader header, TimeProvider time, int seed = 1)
    {
        _header = header;
        _time = time;
        _random = new Random(seed);
        Climate = header.AddI2c("i2c-1", 0x76, new SimulatedBme280(time));
        Air = header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(time));
        Analogue = header.AddI2c("i2c-1", 0x48, new SimulatedAds1115(time));
        Outside = new SimulatedDs18b20(header, OutsideRom, time);
        header.Lines.Drive(ButtonPin, true);
        header.Lines.Drive(RainPin, true);
        _pi = new SimulatedRaspberryPi(header);
        _start = _last = time.GetTimestamp();
        _nextPress = 8;
        _nextTip = 5;
        Show();
        _timer = time.CreateTimer(static room => ((SimulatedRoom)room!).Advance(), this, Step, Step);
    }

    public SimulatedBme280 Climate { get; }

    public SimulatedSht3x Air { get; }

    public SimulatedAds1115 Analogue { get; }

    public SimulatedDs18b20 Outside { get; }

    /// <summary>Air in the room, °C. Set it to warm or cool the room at once.</summary>
    public double TemperatureCelsius
    {
        get
        {
            lock (_lock)
                return _temperature;
        }

        set
        {
            lock (_lock)
            {
                _temperature = value;
                Show();
            }
        }
    }

    private double _temperature = 22.5;

    /// <summary>True while the fan's relay is on.</summary>
    public bool IsFanRunning => _header.Lines.Level(FanPin);

    /// <summary>What may be broken, and how: for <c>edgegateway demo fault</c>.</summary>
    public static IReadOnlyList<string> FaultDevices { get; } = ["bme280", "sht3x", "ads1115", "ds18b20"];

    public static IReadOnlyList<string> Faults { get; } = ["unplug", "bus-error", "stuck", "stuck-bus", "garbage", "checksum", "noise", "hang", "replug", "none"];

    /// <summary>Breaks a device until the fault is <c>none</c> or <c>replug</c>, which is the same.</summary>
    /// <returns>False for a device or fault that is not in the lists.</returns>
    public bool Inject(string device, string fault)
    {
        if (!FaultDevices.Contains(device) || !Faults.Contains(fault))
            return false;
        if (device == "ds18b20")
        {
            BreakOutside(fault);
            return true;
        }

        (SimulatedI2cChip chip, var address) = device switch { "bme280" => ((SimulatedI2cChip)Climate, 0x76), "sht3x" => (Air, 0x44), _ => (Analogue, 0x48) };
        var bus = _header.AddI2cBus("i2c-1");
        bus.IsStuck = false;
        bus.Resume(address);
        chip.Faults.Clear();
        chip.PlugIn();
        switch (fault)
        {
            case "unplug":
                chip.Unplug();
                break;
            case "bus-error":
                chip.Faults.Fail(I2cErrno.InputOutput, I2cFaults.ForEver);
                break;
            case "stuck":
                chip.Faults.Fail(I2cErrno.TimedOut, I2cFaults.ForEver);
                break;
            case "garbage":
                chip.Faults.StickAt(0xFF, I2cFaults.ForEver);
                break;
            case "checksum":
                chip.Faults.FlipBit(0, 4, I2cFaults.ForEver);
                break;
            case "noise":
                chip.Faults.Scramble(1);
                break;
            case "hang":
                bus.Hang(address);
                break;
            case "stuck-bus":
                bus.IsStuck = true;
                break;
        }

        return true;
    }

    /// <summary>Presses the button once, with a bouncing contact.</summary>
    public void PressButton(TimeSpan held)
    {
        lock (_lock)
            Press(Seconds(_time.GetTimestamp()), held.TotalSeconds);
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _timer.Dispose();
    }

    private void Advance()
    {
        List<(int Pin, bool Low, int Edges)> due = [];
        lock (_lock)
        {
            if (_disposed)
                return;
            var now = _time.GetTimestamp();
            var passed = Math.Min(_time.GetElapsedTime(_last, now).TotalSeconds, 5);
            _last = now;
            Live(passed, Seconds(now));
            Show();
            while (_button.TryPeek(out var next) && next.AtSeconds <= Seconds(now))
                due.Add((ButtonPin, _button.Dequeue().Pressed, next.Edges));
            while (_tips.TryPeek(out var tip) && tip.AtSeconds <= Seconds(now))
                due.Add((RainPin, _tips.Dequeue().Closed, 1));
        }

        foreach (var (pin, low, edges) in due)
            _header.Lines.Bounce(pin, level: !low, edges);
    }

    private double Seconds(long timestamp) => _time.GetElapsedTime(_start, timestamp).TotalSeconds;

    private void Live(double seconds, double at)
    {
        var outside = OutsideCelsius(at);
        var (goal, pace) = IsFanRunning ? (outside + FannedAboveOutside, CoolingSeconds) : (outside + HeatedAboveOutside, WarmingSeconds);
        _temperature += ((goal - _temperature) * (1 - Math.Exp(-seconds / pace))) + (Noise(0.01) * seconds);
        _waterGramPerCubicMetre += (((IsFanRunning ? 7.5 : 10.5) - _waterGramPerCubicMetre) * (1 - Math.Exp(-seconds / 60))) + (Noise(0.02) * seconds);
        _pressure += ((101_325 - _pressure) * seconds / 3600) + (Noise(4) * seconds);
        _moisture *= Math.Exp(-seconds / DryingSeconds);
        if (_moisture < WateredBelow)
            _moisture = 0.85 + Noise(0.05); // somebody waters it
        Rain(at);
        if (at < _nextPress)
            return;
        Press(at, _random.Next(10) == 0 ? 1.2 : 0.08 + (_random.NextDouble() * 0.2));
        _nextPress = at + 20 + (_random.NextDouble() * 40);
    }

    // Two minutes of rain, three dry ones.
    private void Rain(double at)
    {
        if (at < _nextTip)
            return;
        if (at % 300 < 120)
        {
            _tips.Enqueue((at, true));
            _tips.Enqueue((at + 0.2, false));
        }

        _nextTip = at + 3 + (_random.NextDouble() * 9);
    }

    private double OutsideCelsius(double at) => 12 + (3 * Math.Sin(at / 600 * 2 * Math.PI));

    private void Press(double at, double heldSeconds)
    {
        _button.Enqueue((at, true, 1 + (2 * _random.Next(6))));
        _button.Enqueue((at + heldSeconds, false, 1 + (2 * _random.Next(6))));
    }

    private void Show()
    {
        var at = Seconds(_last);
        var humidity = Math.Clamp(100 * _waterGramPerCubicMetre / SaturationGramPerCubicMetre(_temperature), 1, 99);
        Climate.SetClimate(_temperature + Noise(0.01), _pressure + Noise(1), humidity + Noise(0.05));
        Air.SetClimate(_temperature + 0.3 + Noise(0.02), humidity - 1 + Noise(0.05));
        Outside.SetTemperature(OutsideCelsius(at) + Noise(0.03));
        Analogue.SetInput(0, DryVolts - ((DryVolts - WetVolts) * _moisture) + Noise(0.002));
        Analogue.SetInput(1, 1.65 + (1.2 * Math.Sin(at / 45)));
        Analogue.SetInput(2, 0);
        _pi.SetTemperature(_temperature + 24 + Noise(0.3));
        Analogue.SetInput(3, 3.3 + Noise(0.003));
    }

    // Magnus over water (Sonntag 1990), with the gas law.
    private static double SaturationGramPerCubicMetre(double celsius) =>
        216.7 * 6.112 * Math.Exp(17.62 * celsius / (243.12 + celsius)) / (273.15 + celsius);

    private double Noise(double size) => ((_random.NextDouble() * 2) - 1) * size;

    private void BreakOutside(string fault)
    {
        Outside.Resume();
        Outside.Appear();
        Outside.SpoilChecksum(0);
        switch (fault)
        {
            case "unplug":
                Outside.Vanish();
                break;
            case "bus-error" or "stuck" or "stuck-bus":
                Outside.GoEmpty(int.MaxValue);
                break;
            case "hang":
                Outside.Hang();
                break;
            case "garbage" or "noise":
                Outside.Short(int.MaxValue);
                break;
            case "checksum":
                Outside.SpoilChecksum(int.MaxValue);
                break;
        }
    }
}
