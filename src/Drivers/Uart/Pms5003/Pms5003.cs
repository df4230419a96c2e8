using System.Runtime.InteropServices;

namespace EdgeGateway.Drivers;

/// <summary>PMS5003: particles by laser, asked for each reading (passive mode), asleep between readings if wanted.</summary>
internal sealed class Pms5003 : UartSensor
{
    private const int FirstAtmospheric = 3, FirstCount = 6, Error = 12;

    private static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(3), SettlingTime = TimeSpan.FromSeconds(30);

    private readonly byte[] _read = Pms5003Frame.Command(Pms5003Frame.ReadCommand, 0);
    private readonly bool _sleeps;
    private long _awakeSince;
    private bool _isAsleep;

    public Pms5003(DriverContext context)
        : base(context) => _sleeps = context.Options.Boolean("sleep");

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "pms5003",
        Chip = "PMS5003",
        Description = "Particulate matter by laser (also PMS7003, PMSA003)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Uart,
        Readings =
        [
            new("pm1", Unit.MicrogramPerCubicMetre, 0, 1000, "Particles up to 1 µm, atmospheric"),
            new("pm25", Unit.MicrogramPerCubicMetre, 0, 1000, "Particles up to 2.5 µm, atmospheric"),
            new("pm10", Unit.MicrogramPerCubicMetre, 0, 1000, "Particles up to 10 µm, atmospheric"),
            new("count03", Unit.Count, 0, 65_535, "Particles above 0.3 µm in 0.1 L"),
            new("count05", Unit.Count, 0, 65_535, "Particles above 0.5 µm in 0.1 L"),
            new("count1", Unit.Count, 0, 65_535, "Particles above 1 µm in 0.1 L"),
            new("count25", Unit.Count, 0, 65_535, "Particles above 2.5 µm in 0.1 L"),
            new("count5", Unit.Count, 0, 65_535, "Particles above 5 µm in 0.1 L"),
            new("count10", Unit.Count, 0, 65_535, "Particles above 10 µm in 0.1 L"),
        ],
        Options =
        [
            WiringOptions.Uart,
            DriverOption.Boolean("sleep", false, "fan and laser rest between readings: each reading then takes 30 s; for intervals of two minutes and more"),
        ],
        Datasheet = "Plantower PMS5003 data manual v2.3",
        Wiring = "VCC 5 V, GND, its TX to RXD (GPIO15), its RX to TXD (GPIO14): the lines are 3.3 V; SET and RESET stay open.",
        Accuracy = "±10 µg/m³ below 100 µg/m³, ±10 % above.",
        Notes =
        [
            "The laser lives some 8000 h, one year on end: use sleep.",
            "Above 80 %RH it takes droplets for dust and reads high.",
            "For 30 s after waking the values are marked as warming.",
        ],
        Factory = context => new Pms5003(context),
    };

    protected override UartParameters Parameters => new(9600);

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(Pms5003Frame.Command(Pms5003Frame.SleepCommand, 1), cancellationToken).ConfigureAwait(false);
        await WriteAsync(Pms5003Frame.Command(Pms5003Frame.ModeCommand, 0), cancellationToken).ConfigureAwait(false);
        (_isAsleep, _awakeSince) = (false, Time.GetTimestamp());
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (_isAsleep)
            await ConfigureAsync(cancellationToken).ConfigureAwait(false);
        var left = SettlingTime - Time.GetElapsedTime(_awakeSince);
        if (_sleeps && left > TimeSpan.Zero)
            await Task.Delay(left, Time, cancellationToken).ConfigureAwait(false);
        DiscardInput();
        await WriteAsync(_read, cancellationToken).ConfigureAwait(false);
        var frame = await ReadFrameAsync(Pms5003Frame.Find, ReplyTime, cancellationToken).ConfigureAwait(false);
        if (_sleeps)
        {
            await WriteAsync(Pms5003Frame.Command(Pms5003Frame.SleepCommand, 0), cancellationToken).ConfigureAwait(false);
            _isAsleep = true;
        }

        return Decode(frame.Span);
    }

    private Reading Decode(ReadOnlySpan<byte> frame)
    {
        var error = Pms5003Frame.Word(frame, Error) & 0xFF;
        if (error != 0)
            throw Fault(DriverFault.ChipFault, $"error 0x{error:X2}", "fan and laser: dust, or the end of their life");
        var quality = Time.GetElapsedTime(_awakeSince) < SettlingTime ? ReadingQuality.Warming : ReadingQuality.Good;
        var values = new ReadingValue[Context.Driver.Readings.Length];
        for (var i = 0; i < 3; i++)
            values[i] = Value(i, Pms5003Frame.Word(frame, FirstAtmospheric + i), quality);
        for (var i = 0; i < 6; i++)
            values[3 + i] = Value(3 + i, Pms5003Frame.Word(frame, FirstCount + i), quality);
        return Now(ImmutableCollectionsMarshal.AsImmutableArray(values));
    }
}
