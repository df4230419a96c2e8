namespace EdgeGateway.Drivers;

/// <summary>DS18B20 and its family, read through the kernel's w1_therm driver.</summary>
internal sealed class Ds18b20 : PolledSensor
{
    private const string Families = "28 10 22 3b 42";
    private const double NeighbourCelsius = 5;

    private static readonly TimeSpan PowerOffTime = TimeSpan.FromSeconds(1), NeighbourTime = TimeSpan.FromMinutes(5);

    private readonly string? _configured;
    private readonly string _resolution;
    private readonly int? _powerPin;
    private GpioOutput? _power;
    private BusQueue.Holder? _holder;
    private string _rom;
    private double? _last;
    private long _lastAt;
    private bool _wasAbsent;

    public Ds18b20(DriverContext context)
        : base(context)
    {
        _configured = context.Options.Has("rom") ? context.Options.Text("rom").ToLowerInvariant() : null;
        _resolution = context.Options.Text("resolution");
        _powerPin = context.Options.Has("powerPin") ? context.Options.Integer("powerPin") : null;
        _rom = _configured ?? "";
    }

    protected override DeviceName Device => new(Context.Driver.Chip, "w1", _rom);

    protected override async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        await PowerAsync(cancellationToken).ConfigureAwait(false);
        _rom = _configured ?? OnlySlave();
        _holder = new BusQueue.Holder(Device);
        if (!Context.Header.OneWire.Exists(_rom, "w1_slave"))
        {
            _wasAbsent = true;
            var master = Context.Header.OneWire.HasMaster;
            throw Fault(
                master ? DriverFault.Absent : DriverFault.NoBus,
                master ? $"the kernel lists {Listed()}" : "there is no 1-Wire master",
                master ? "its data line, the 4.7 kΩ pull-up, and take its power away for a second: it may come back only so"
                    : "that dtoverlay=w1-gpio is in config.txt and the Pi was restarted");
        }

        if (_resolution != "keep" && Context.Header.OneWire.Exists(_rom, "resolution"))
            await Context.Header.OneWire.WriteAsync(_holder, _rom, "resolution", _resolution, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await Context.Header.OneWire.ReadAsync(_holder!, _rom, "w1_slave", cancellationToken).ConfigureAwait(false);
        }
        catch (DriverException ex) when (ex.Fault == DriverFault.Absent)
        {
            _wasAbsent = true;
            throw;
        }

        if (string.IsNullOrWhiteSpace(text))
            throw Fault(DriverFault.Garbage, "an empty file: the kernel gave up on the checksum", "the cable, the pull-up and the supply");
        if (Ds18b20Scratchpad.Parse(text) is not { } scratchpad)
            throw Fault(DriverFault.Garbage, $"'{text.Split('\n')[0]}'", "the kernel's w1_therm driver");
        RejectEmpty(scratchpad.Bytes); // a shorted line reads as zeros, whose checksum is zero too
        if (!scratchpad.ChecksumFits || text.Contains(" NO", StringComparison.Ordinal))
        {
            throw Fault(DriverFault.Checksum, $"scratchpad {Convert.ToHexString(scratchpad.Bytes)} with a wrong checksum",
                "the cable, the pull-up and the supply; counterfeit sensors do this when it is low");
        }

        var celsius = scratchpad.Celsius(_rom[..2]);
        if (celsius == Ds18b20Scratchpad.PowerOnCelsius && !HasNeighbour(celsius))
            throw Fault(DriverFault.Implausible, "exactly 85 °C, the value after power-on: it did not convert", "its supply; parasitic power needs a strong pull-up");
        _last = celsius;
        _lastAt = Time.GetTimestamp();
        _wasAbsent = false;
        return Now(Value(0, celsius));
    }

    protected override void Close()
    {
        if (!_wasAbsent)
            return;
        // Given back at the end of life only: a closed line would take the supply away or leave it to chance.
        _last = null;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        _power?.Dispose();
        _power = null;
    }

    // 85 °C is believed where it was about that a moment ago.
    private bool HasNeighbour(double celsius) =>
        _last is { } last && Math.Abs(last - celsius) <= NeighbourCelsius && Time.GetElapsedTime(_lastAt) <= NeighbourTime;

    private async ValueTask PowerAsync(CancellationToken cancellationToken)
    {
        if (_powerPin is not { } pin)
            return;
        if (_power is null)
        {
            _power = Context.Header.Gpio.OpenOutput(pin, $"{Context.Driver.Chip} supply", high: true);
            return;
        }

        if (!_wasAbsent)
            return;
        _power.Write(high: false);
        await Task.Delay(PowerOffTime, Time, cancellationToken).ConfigureAwait(false);
        _power.Write(high: true);
        await Task.Delay(PowerOffTime, Time, cancellationToken).ConfigureAwait(false);
    }

    private string OnlySlave()
    {
        var slaves = Context.Header.OneWire.Slaves.Where(IsThermometer).ToArray();
        return slaves.Length == 1
            ? slaves[0]
            : throw Fault(slaves.Length == 0 && !Context.Header.OneWire.HasMaster ? DriverFault.NoBus : DriverFault.Absent,
                $"no ROM is configured and the kernel lists {Listed()}",
                slaves.Length > 1 ? "the option 'rom': it says which" : "dtoverlay=w1-gpio in config.txt, the data line and its pull-up");
    }

    private string Listed()
    {
        var slaves = Context.Header.OneWire.Slaves.Where(IsThermometer).ToArray();
        return slaves.Length == 0 ? "no thermometer" : string.Join(", ", slaves);
    }

    internal static bool IsThermometer(string slave) => Families.Split(' ').Contains(slave[..2].ToLowerInvariant());
}
