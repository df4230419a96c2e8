namespace EdgeGateway.Drivers;

/// <summary>A GPS or GNSS receiver that speaks NMEA 0183: a reading is the GGA and RMC of one fix.</summary>
internal sealed class Gps : UartSensor
{
    private const double MetresPerSecondPerKnot = 1852.0 / 3600;
    private const int FewestSatellites = 4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly GpsTime _clock;
    private readonly UartParameters _parameters;

    public Gps(DriverContext context)
        : base(context)
    {
        _clock = new GpsTime(context.Time);
        _parameters = new UartParameters(context.Options.Integer("baud"));
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "gps",
        Chip = "GPS receiver",
        Description = "Position and time from a GPS or GNSS receiver that speaks NMEA (NEO-6M, NEO-M8N, L76)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Uart,
        Readings =
        [
            new("latitude", Unit.Degree, -90, 90, "Latitude, north positive"),
            new("longitude", Unit.Degree, -180, 180, "Longitude, east positive"),
            new("altitude", Unit.Metre, -500, 20_000, "Above mean sea level"),
            new("satellites", Unit.Count, 0, 100, "Satellites of the fix"),
            new("hdop", Unit.None, 0, 100, "Horizontal dilution of precision: 1 is good, above 5 poor"),
            new("speed", Unit.MetrePerSecond, 0, 600, "Over ground"),
            new("course", Unit.Degree, 0, 360, "Over ground, from true north"),
            new("clockOffset", Unit.Second, -1e9, 1e9, "Receiver's time less the system's; good only after three fixes that agree, with four satellites"),
        ],
        Options =
        [
            WiringOptions.Uart,
            DriverOption.IntegerOf("baud", 9600, [4800, 9600, 19_200, 38_400, 57_600, 115_200], "as the receiver is set"),
        ],
        Datasheet = "NMEA 0183 (GGA, RMC); u-blox 6 receiver description",
        Wiring = "VCC 3.3 or 5 V as its board says, GND, its TX to RXD (GPIO15); its antenna with a view of the sky.",
        Accuracy = "2.5 m horizontally under open sky; the time to some 0.1 s (for more use pps-gpio).",
        Notes =
        [
            "A cold start takes half a minute, indoors for ever: until then a reading fails and says how many satellites there are.",
            "Old receivers give dates 1024 weeks back: such a time is not used.",
        ],
        Factory = context => new Gps(context),
    };

    protected override UartParameters Parameters => _parameters;

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        DiscardInput(); // what waits there is old
        NmeaSentence? position = null, motion = null;
        var start = Time.GetTimestamp();
        var others = 0;
        while (Deadline - Time.GetElapsedTime(start) is { Ticks: > 0 } left)
        {
            NmeaSentence sentence;
            try
            {
                sentence = NmeaSentence.Parse((await ReadFrameAsync(NmeaSentence.Find, left, cancellationToken).ConfigureAwait(false)).Span);
            }
            catch (DriverException ex) when (others > 0 && !ex.Came.Contains("hung up", StringComparison.Ordinal))
            {
                break;
            }

            others++;
            if (sentence.Type == "GGA")
                position = sentence;
            else if (sentence.Type == "RMC")
                motion = sentence;
            if (position is { } gga && motion is { } rmc && gga.Field(1) == rmc.Field(1))
                return Decode(gga, rmc);
        }

        throw Fault(DriverFault.Garbage, $"{others} sentences, but no GGA and RMC of the same moment", "that the receiver is set to send both, at one fix a second or more");
    }

    private Reading Decode(NmeaSentence gga, NmeaSentence rmc)
    {
        var satellites = gga.Number(7) ?? 0;
        if (gga.Field(6) is "" or "0" || rmc.Field(2) != "A" || gga.Angle(2) is not { } latitude || gga.Angle(4) is not { } longitude)
        {
            _clock.Forget();
            throw Fault(DriverFault.NotReady, $"no fix ({satellites} satellites)", "the antenna's view of the sky; a cold start takes half a minute and more");
        }

        var values = new List<ReadingValue>(8) { Value(0, latitude), Value(1, longitude) };
        Add(2, gga.Number(9));
        Add(3, satellites);
        Add(4, gga.Number(8));
        Add(5, rmc.Number(7) * MetresPerSecondPerKnot);
        Add(6, rmc.Number(8)); // left out while it stands
        if (_clock.Offset(rmc.Field(1), rmc.Field(9)) is { } offset)
            values.Add(Value(7, offset.Seconds, offset.IsCertain && satellites >= FewestSatellites ? ReadingQuality.Good : ReadingQuality.Warming));
        return Now([.. values]);

        void Add(int index, double? value)
        {
            if (value is { } number)
                values.Add(Value(index, number));
        }
    }
}
