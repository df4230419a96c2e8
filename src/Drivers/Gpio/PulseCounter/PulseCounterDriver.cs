using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>The counters: one way of counting, several things that are counted.</summary>
internal static class PulseCounterDriver
{
    private static readonly ReadingDescriptor
        Pulses = new("pulses", Unit.Count, 0, long.MaxValue, "Pulses counted, those before the last start included"),
        Uncertain = new("uncertain", Unit.None, 0, 1, "1 where pulses may be missing: after a stop that was not orderly, or the kernel lost some");

    public static DriverDescriptor Plain { get; } = Make(
        "pulse-counter", "pulse counter", "Counts pulses",
        new("amount", Unit.None, 0, double.MaxValue, "Pulses times the option perPulse"),
        new("frequency", Unit.Hertz, 0, 2000, "Pulses a second"),
        "5ms", "10s",
        [DriverOption.Number("perPulse", 1, 1e-9, 1e9, "what one pulse stands for")],
        options => new(options.Number("perPulse"), 1),
        "As the sensor says.", []);

    public static DriverDescriptor Rain { get; } = Make(
        "rain-gauge", "rain gauge", "A tipping-bucket rain gauge",
        new("rain", Unit.Millimetre, 0, double.MaxValue, "Rain since the count began"),
        new("intensity", Unit.MillimetrePerHour, 0, 1000, "Rain an hour, at the pace of the last tips"),
        "20ms", "15m",
        [DriverOption.Number("millimetresPerTip", 0.2794, 0.01, 10, "rain of one tip")],
        options => new(options.Number("millimetresPerTip"), options.Number("millimetresPerTip") * 3600),
        "About ±5 %; heavy rain reads low.",
        ["Leaves stop the bucket: a gauge that never tips in rain is blocked.", "Tips while it is carried about count too."]);

    public static DriverDescriptor Wind { get; } = Make(
        "anemometer", "anemometer", "A cup anemometer with a reed contact",
        new("run", Unit.Metre, 0, double.MaxValue, "Wind run: the way the air has gone"),
        new("speed", Unit.MetrePerSecond, 0, 75, "Wind speed since the last reading"),
        "2ms", "10s",
        [DriverOption.Number("metresPerSecondPerHertz", 0.6667, 0.01, 100, "wind speed at one pulse a second; the common kit has 2.4 km/h")],
        options => new(options.Number("metresPerSecondPerHertz"), options.Number("metresPerSecondPerHertz")),
        "About ±1 m/s for the common kit.",
        ["Read it every 2 to 10 s: the speed is the mean since the last reading."]);

    public static DriverDescriptor Flow { get; } = Make(
        "flow-meter", "flow meter", "A turbine flow meter (YF-S201 and alike)",
        new("volume", Unit.Litre, 0, double.MaxValue, "Volume that has passed"),
        new("flow", Unit.LitrePerMinute, 0, 1000, "Flow since the last reading"),
        "1ms", "5s",
        [DriverOption.Number("pulsesPerLitre", 450, 0.001, 100_000, "pulses of one litre")],
        options => new(1 / options.Number("pulsesPerLitre"), 60 / options.Number("pulsesPerLitre")),
        "±10 % as sold, ±2 % after measuring a bucket.",
        ["The YF-S201 puts out its supply: at 5 V use a divider.", "Measure a bucket of ten litres and set pulsesPerLitre to what came."]);

    public static DriverDescriptor S0 { get; } = Make(
        "s0-meter", "S0 meter", "An energy meter with S0 output or blinking LED",
        new("energy", Unit.WattHour, 0, double.MaxValue, "Energy since the count began"),
        new("power", Unit.Watt, 0, 1e6, "Power, at the pace of the last pulses"),
        "10ms", "10m",
        [DriverOption.Number("pulsesPerKilowattHour", 1000, 1, 100_000, "as printed on the meter, imp/kWh")],
        options => new(1000 / options.Number("pulsesPerKilowattHour"), 3_600_000 / options.Number("pulsesPerKilowattHour")),
        "That of the meter, class 1 or 2.",
        ["S0 pulses are 30 ms and longer: a debounce of 10 ms hides no pulse.", "Below 6 W a pulse of 1 Wh takes longer than the option idle: power then reads 0."]);

    public static ImmutableArray<DriverDescriptor> All => [Plain, Rain, Wind, Flow, S0];

    private static DriverDescriptor Make(
        string name, string chip, string description, ReadingDescriptor amount, ReadingDescriptor rate, string debounce, string idle,
        ImmutableArray<DriverOption> own, Func<DriverOptions, PulseScale> scale, string accuracy, ImmutableArray<string> notes) => new()
    {
        Name = name,
        Chip = chip,
        Description = description,
        Kind = DriverKind.Sensor,
        Bus = BusKind.Gpio,
        Readings = [amount, rate, Pulses, Uncertain],
        Options =
        [
            WiringOptions.Pin("GPIO number of the pulses"),
            WiringOptions.Pull("up"),
            DriverOption.Boolean("activeLow", true, "a pulse is low: a contact or open collector to ground"),
            DriverOption.Duration("debounce", debounce, TimeSpan.Zero, TimeSpan.FromSeconds(1), "a level must hold this long to count"),
            DriverOption.Duration("idle", idle, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), "without a pulse for this long the rate is 0"),
            .. own,
        ],
        Datasheet = "kernel GPIO character device uAPI v2",
        Wiring = "The contact or open collector between the pin and ground; the Pi's own pull-up does for wires up to a metre or two.",
        Accuracy = accuracy,
        Notes = [.. notes, "The gateway writes the count down and goes on from it after a restart; pulses while it is off are missed."],
        Factory = context => new PulseCounter(context, scale(context.Options)),
    };
}
