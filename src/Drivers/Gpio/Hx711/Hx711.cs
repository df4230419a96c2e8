namespace EdgeGateway.Drivers;

/// <summary>HX711: 24-bit converter for load cells, clocked by hand or read through the kernel's IIO driver. Facts: Avia HX711 datasheet, "Serial Interface" and Table 3.</summary>
internal sealed class Hx711 : PolledSensor
{
    private const int Highest = 0x7FFFFF, Lowest = -0x800000;
    private const int TriesPerSample = 5;

    /// <summary>A clock pulse longer than 60 µs puts the chip to sleep; a little less is doubted.</summary>
    private static readonly TimeSpan LongestPulse = TimeSpan.FromMicroseconds(50), SettlingTime = TimeSpan.FromMilliseconds(400), LongestWait = TimeSpan.FromMilliseconds(600);

    private readonly int _dataPin, _clockPin, _samples, _pulses;
    private readonly double _tare, _scale;
    private readonly bool _useKernel;
    private GpioInput? _data;
    private GpioOutput? _clock;
    private string? _file;

    public Hx711(DriverContext context)
        : base(context)
    {
        var options = context.Options;
        _dataPin = options.Integer("data");
        _clockPin = options.Integer("clock");
        _samples = options.Integer("samples");
        _pulses = options.Text("gain") switch { "b32" => 26, "a64" => 27, _ => 25 };
        _tare = options.Number("tare");
        _scale = options.Number("scale");
        _useKernel = options.Text("source") == "kernel";
        Device = _useKernel ? new DeviceName(context.Driver.Chip, "iio", "hx711") : new DeviceName(context.Driver.Chip, "gpio", $"GPIO{_dataPin}/GPIO{_clockPin}");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "hx711",
        Chip = "HX711",
        Description = "Load cells: 24-bit converter",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Gpio,
        Readings =
        [
            new("weight", Unit.Gram, -1e9, 1e9, "(raw - tare) / scale"),
            new("raw", Unit.Count, Lowest, Highest, "The converter's number, for tare and scale"),
        ],
        Options =
        [
            WiringOptions.Pin("GPIO number of DOUT", "data"),
            WiringOptions.Pin("GPIO number of PD_SCK", "clock"),
            DriverOption.Number("tare", 0, -1e7, 1e7, "raw with nothing on it"),
            DriverOption.Number("scale", 1, -1e7, 1e7, "raw counts a gram; negative where the cell is the other way round"),
            DriverOption.Choice("gain", "a128", ["a128", "a64", "b32"], "input and gain"),
            DriverOption.IntegerOf("samples", 3, [1, 3, 5, 7, 9], "conversions for one reading, of which the middle one counts"),
            DriverOption.Choice("source", "gpio", ["gpio", "kernel"], "kernel: the IIO driver of the overlay you loaded (avia,hx711); its tare and scale are these too"),
        ],
        Datasheet = "Avia Semiconductor HX711, English edition",
        Wiring = "VCC 3.3 V, DOUT and PD_SCK to two pins; the cell's red to E+, black to E-, white to A-, green to A+.",
        Accuracy = "Some 0.05 % of the cell's range; drifts with temperature.",
        Notes =
        [
            "To calibrate: read raw empty (tare), put a known weight on it, scale = (raw - tare) / grams.",
            "At 5 V supply DOUT is 5 V: use 3.3 V.",
            "A process that is interrupted in a clock pulse puts the chip to sleep: such a conversion is thrown away and made again.",
        ],
        Factory = context => new Hx711(context),
    };

    protected override DeviceName Device { get; }

    internal static int SignExtend(int bits24) => (bits24 << 8) >> 8;

    protected override async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        if (_scale == 0)
            throw Fault(DriverFault.Option, "scale is 0", "the option 'scale': raw counts a gram");
        if (_useKernel)
        {
            _file = await IioDevices.FindAsync(Context.Header.Files, "hx711", Device, "the overlay for avia,hx711 in config.txt", cancellationToken).ConfigureAwait(false) + "/in_voltage0_raw";
            return;
        }

        _data ??= Context.Header.Gpio.OpenInput(_dataPin, Context.Driver.Chip, GpioPull.Up, TimeSpan.Zero, onEdge: null);
        _clock ??= Context.Header.Gpio.OpenOutput(_clockPin, Context.Driver.Chip, high: false);
        _clock.Write(high: false); // wakes it where it sleeps
        await Task.Delay(SettlingTime, Time, cancellationToken).ConfigureAwait(false);
        if (_pulses != 25)
            await SampleAsync(cancellationToken).ConfigureAwait(false); // after power-on it has input A at 128: this selects the other
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var raws = new int[_samples];
        for (var i = 0; i < raws.Length; i++)
        {
            raws[i] = _useKernel
                ? await IioDevices.ReadAsync(Context.Header.Files, _file!, Device, cancellationToken).ConfigureAwait(false)
                : await SampleAsync(cancellationToken).ConfigureAwait(false);
        }

        Array.Sort(raws);
        var raw = raws[raws.Length / 2];
        var quality = raw is Highest or Lowest ? ReadingQuality.Saturated : ReadingQuality.Good;
        return Now(Value(0, (raw - _tare) / _scale, quality), Value(1, raw, quality));
    }

    protected override void Close()
    {
        _data?.Dispose();
        _clock?.Dispose();
        (_data, _clock) = (null, null);
    }

    private async ValueTask<int> SampleAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < TriesPerSample; attempt++)
        {
            await WaitReadyAsync(cancellationToken).ConfigureAwait(false);
            if (ClockOut() is { } raw)
                return raw;
            _clock!.Write(high: false);
            await Task.Delay(SettlingTime, Time, cancellationToken).ConfigureAwait(false); // it has slept: the first conversions settle
        }

        throw Fault(DriverFault.NotReady, $"the process was interrupted in {TriesPerSample} transfers on end", "the machine's load; the kernel's IIO driver (source: kernel) is not interrupted");
    }

    private async ValueTask WaitReadyAsync(CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        while (_data!.Read())
        {
            if (Time.GetElapsedTime(start) > LongestWait)
                throw Fault(DriverFault.Absent, "DOUT stays high: no conversion ends", "its supply, DOUT and PD_SCK");
            await Task.Delay(TimeSpan.FromMilliseconds(1), Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Null where a pulse was so long that the chip may have gone to sleep in it.</returns>
    private int? ClockOut()
    {
        var bits = 0;
        for (var i = 0; i < _pulses; i++)
        {
            var start = Time.GetTimestamp();
            _clock!.Write(high: true);
            var bit = _data!.Read(); // valid 0.1 µs after the edge: a call into the kernel takes longer
            _clock.Write(high: false);
            if (Time.GetElapsedTime(start) > LongestPulse)
                return null;
            if (i < 24)
                bits = (bits << 1) | (bit ? 1 : 0);
        }

        return _data!.Read() // high until the next conversion
            ? SignExtend(bits)
            : throw Fault(DriverFault.Garbage, $"DOUT is low after the transfer (bits 0x{bits:X6})", "that DOUT is not held low, and that PD_SCK reaches the chip");
    }
}
