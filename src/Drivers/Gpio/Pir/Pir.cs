namespace EdgeGateway.Drivers;

/// <summary>A passive infrared motion detector (HC-SR501, AM312): quiet while it warms up.</summary>
internal sealed class Pir : GpioEventInput
{
    private readonly TimeSpan _warmUp;
    private long _openedAt;
    private long _motions, _stills;
    private bool _inMotion;

    public Pir(DriverContext context)
        : base(context) => _warmUp = context.Options.Duration("warmUp");

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "pir",
        Chip = "motion detector",
        Description = "A passive infrared motion detector (HC-SR501, AM312)",
        Kind = DriverKind.Sensor | DriverKind.EventInput,
        Bus = BusKind.Gpio,
        Readings =
        [
            new("motion", Unit.None, 0, 1, "1 while the detector sees motion or holds it"),
            new("motions", Unit.Count, 0, double.MaxValue, "Motions since the start"),
        ],
        Events = [new("motion", "Somebody moves"), new("still", "The detector's hold time is over; the value is the seconds it was in motion")],
        Options =
        [
            WiringOptions.Pin("GPIO number of the output"),
            WiringOptions.Pull("down"),
            DriverOption.Boolean("activeLow", false, "motion means low"),
            DriverOption.Duration("debounce", "20ms", TimeSpan.Zero, TimeSpan.FromSeconds(1), "a level must hold this long to count"),
            DriverOption.Duration("warmUp", "60s", TimeSpan.Zero, TimeSpan.FromMinutes(5), "after the start no events, and readings are marked as warming"),
        ],
        Datasheet = "HC-SR501 user manual; kernel GPIO character device uAPI v2",
        Wiring = "VCC to 5 V, GND to ground, OUT to the pin: it is 3.3 V at any supply.",
        Accuracy = "3 to 7 m and 120° by the lens and its trimmer.",
        Notes =
        [
            "For the first minute it trips by itself: the option warmUp hides that.",
            "The jumper: H holds on while there is motion, L gives one pulse. The trimmer sets 3 to 300 s; then it is blind for 2.5 s.",
            "Wi-Fi antennas within 20 cm trip it.",
        ],
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Pir(context),
    };

    private bool IsWarming => Time.GetElapsedTime(Interlocked.Read(ref _openedAt)) < _warmUp;

    protected override void OnOpened(bool isActive) => Interlocked.Exchange(ref _openedAt, Time.GetTimestamp());

    protected override void OnChange(bool isActive, GpioEdge edge)
    {
        if (Time.GetElapsedTime(Interlocked.Read(ref _openedAt), edge.Timestamp) < _warmUp)
            return;
        if (isActive)
        {
            _inMotion = true;
            _since = edge.Timestamp;
            Raise("motion", edge.Time, edge.Timestamp, Interlocked.Increment(ref _motions));
        }
        else if (_inMotion) // the end of a false alarm of the warm-up is no event
        {
            _inMotion = false;
            Raise("still", edge.Time, edge.Timestamp, ++_stills, Time.GetElapsedTime(_since, edge.Timestamp).TotalSeconds);
        }
    }

    private long _since;

    protected override Reading Measure(bool isActive)
    {
        var quality = IsWarming ? ReadingQuality.Warming : ReadingQuality.Good;
        return new(
            [
                new("motion", isActive ? 1 : 0, Unit.None, quality),
                new("motions", Interlocked.Read(ref _motions), Unit.Count),
            ],
            Time.GetUtcNow(),
            Time.GetTimestamp());
    }
}
