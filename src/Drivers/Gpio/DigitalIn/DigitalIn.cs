namespace EdgeGateway.Drivers;

/// <summary>A digital input: on or off.</summary>
internal sealed class DigitalIn(DriverContext context) : Contact(context, "on", "off")
{
    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "digital-in",
        Chip = "digital input",
        Description = "A digital input: a switch, a float, an alarm contact, another machine's output",
        Kind = DriverKind.Sensor | DriverKind.EventInput,
        Bus = BusKind.Gpio,
        Readings =
        [
            new("state", Unit.None, 0, 1, "1 while it is on"),
            new("changes", Unit.Count, 0, double.MaxValue, "Changes since the start"),
        ],
        Events = [new("on", "Went on"), new("off", "Went off")],
        Options =
        [
            WiringOptions.Pin("GPIO number of the input"),
            WiringOptions.Pull("up"),
            DriverOption.Boolean("activeLow", false, "on means low: a contact to ground"),
            DriverOption.Duration("debounce", "10ms", TimeSpan.Zero, TimeSpan.FromSeconds(10), "a level must hold this long to count"),
        ],
        Datasheet = "kernel GPIO character device uAPI v2",
        Wiring = "A contact between the pin and ground with pull up, or a 3.3 V signal with pull none. 5 V and 24 V need an optocoupler.",
        Accuracy = "Edges carry the kernel's time stamp, exact to some 10 µs.",
        Notes = ["Never more than 3.3 V at the pin.", "Wires longer than a metre catch spikes: 10 ms of debounce and a 1 kΩ series resistor, or an optocoupler."],
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new DigitalIn(context),
    };
}
