namespace EdgeGateway.Drivers;

/// <summary>A level by pulse width: a lamp, a fan, a heater's transistor.</summary>
internal sealed class PwmOutput : PulseActuator
{
    private readonly bool _isPerceived, _activeLow;
    private readonly double _safe;

    public PwmOutput(DriverContext context, IPulseWait wait)
        : base(context, wait)
    {
        FrequencyHertz = context.Options.Integer("frequency");
        _isPerceived = context.Options.Text("curve") == "perceived";
        _activeLow = context.Options.Boolean("activeLow");
        _safe = context.Options.Number("safe");
    }

    public static DriverDescriptor Pwm { get; } = Make("pwm", "PWM output", "A level by pulse width: a fan, a motor or a heater behind a transistor", 1000, "linear",
        "The pin to a MOSFET's gate or a driver's input; never a motor or fan straight to the pin.");

    public static DriverDescriptor Led { get; } = Make("led", "LED", "A lamp with brightness", 500, "perceived",
        "The LED through 330 Ω between the pin and ground (activeLow: between 3.3 V and the pin); LED strips through a MOSFET.");

    protected override int FrequencyHertz { get; }

    protected override bool IdleHigh => (_safe >= 1) != _activeLow && _safe is 0 or 1;

    /// <summary>The eye takes a quarter of the light for half of it: duty = level to the 2.2.</summary>
    internal static double Duty(double level, bool isPerceived, bool activeLow)
    {
        var duty = isPerceived ? Math.Pow(level, 2.2) : level;
        return activeLow ? 1 - duty : duty;
    }

    internal static double Level(double duty, bool isPerceived, bool activeLow)
    {
        var on = activeLow ? 1 - duty : duty;
        return Math.Round(isPerceived ? Math.Pow(on, 1 / 2.2) : on, 3);
    }

    protected override void Check(NamedState value)
    {
        if (value is not { Name: "level", Value: { IsNumber: true, Number: >= 0 and <= 1 } })
            throw Refused(value, "level=0 to level=1");
    }

    protected override ValueTask ApplyAsync(IPulseOutput output, ActuatorState state, CancellationToken cancellationToken)
    {
        if (state.Find("level") is { } level)
            output.Set(Duty(level.Number, _isPerceived, _activeLow));
        return ValueTask.CompletedTask;
    }

    protected override ValueTask MakeSafeAsync(IPulseOutput output, CancellationToken cancellationToken)
    {
        output.Set(Duty(_safe, _isPerceived, _activeLow));
        return ValueTask.CompletedTask;
    }

    protected override NamedState State(double duty) => new("level", Level(duty, _isPerceived, _activeLow));

    private static DriverDescriptor Make(string name, string chip, string description, int frequency, string curve, string wiring) => new()
    {
        Name = name,
        Chip = chip,
        Description = description,
        Kind = DriverKind.Actuator,
        Bus = BusKind.Pwm,
        States =
        [
            StateDescriptor.Number("level", 0, 1, Unit.None, "0 is off, 1 is full"),
            StateDescriptor.Words("drive", "Reported only: hardware or software"),
        ],
        Options =
        [
            WiringOptions.Pin("GPIO number that drives it"),
            PulseOutputs.DriveOption,
            DriverOption.Integer("frequency", frequency, 10, 20_000, "pulses a second; software does up to 1000"),
            DriverOption.Choice("curve", curve, ["linear", "perceived"], "perceived: half the level looks half as bright (duty = level to the 2.2)"),
            DriverOption.Boolean("activeLow", false, "low is on"),
            DriverOption.Number("safe", 0, 0, 1, "level at start, at stop and when commands are stale"),
        ],
        Datasheet = "kernel Documentation/driver-api/pwm.rst",
        Wiring = wiring,
        Accuracy = "Hardware is exact; software jitters by 0.1 ms and more under load.",
        Notes =
        [
            "Hardware: dtoverlay=pwm-2chan in config.txt; GPIO12 and 18 share a channel before the Pi 5, so do 13 and 19.",
            "Before the Pi 5 analogue audio uses the same block: dtparam=audio=off.",
        ],
        Factory = context => new PwmOutput(context, new PulseWait()),
    };
}
