namespace EdgeGateway.Drivers;

internal static class ButtonDriver
{
    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "button",
        Chip = "button",
        Description = "A push button",
        Kind = DriverKind.Sensor | DriverKind.EventInput,
        Bus = BusKind.Gpio,
        Readings =
        [
            new("pressed", Unit.None, 0, 1, "1 while it is pressed"),
            new("presses", Unit.Count, 0, double.MaxValue, "Presses since the start"),
        ],
        Events =
        [
            new("press", "Went down"),
            new("release", "Came up; the value is the seconds it was held"),
            new("click", "Was pressed and released once, and no second press followed"),
            new("double", "Was pressed twice in short order"),
            new("long", "Is held longer than the option says"),
        ],
        Options =
        [
            WiringOptions.Pin("GPIO number the button pulls to ground"),
            WiringOptions.Pull("up"),
            DriverOption.Boolean("activeLow", true, "pressed means low: the button is wired to ground"),
            DriverOption.Duration("debounce", "10ms", TimeSpan.Zero, TimeSpan.FromSeconds(1), "a level must hold this long to count"),
            DriverOption.Duration("long", "800ms", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), "held this long is a long press"),
            DriverOption.Duration("double", "400ms", TimeSpan.Zero, TimeSpan.FromSeconds(5), "a second press within this is a double; 0s: clicks come at once"),
        ],
        Datasheet = "kernel GPIO character device uAPI v2",
        Wiring = "The button between the pin and ground; the Pi's own pull-up does.",
        Accuracy = "Edges carry the kernel's time stamp, exact to some 10 µs.",
        Notes =
        [
            "With double: 0s a click comes at once; else it waits whether a second press follows.",
            "A button that is held while the service starts makes no click when it is let go.",
        ],
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Button(context),
    };
}
