namespace EdgeGateway.Drivers;

/// <summary>A reed contact at a door or window. "Active" is closed.</summary>
internal sealed class Reed(DriverContext context) : Contact(context, "closed", "open")
{
    private readonly bool _isNormallyClosed = context.Options.Text("normally") == "closed";

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "reed",
        Chip = "reed contact",
        Description = "A magnet contact at a door, window or lid",
        Kind = DriverKind.Sensor | DriverKind.EventInput,
        Bus = BusKind.Gpio,
        Readings =
        [
            new("closed", Unit.None, 0, 1, "1 while the contact is closed"),
            new("changes", Unit.Count, 0, double.MaxValue, "Changes since the start"),
            new("disturbed", Unit.None, 0, 1, "1 while it is not as it normally is"),
        ],
        Events = [new("open", "The contact opened"), new("closed", "The contact closed")],
        Options =
        [
            WiringOptions.Pin("GPIO number of the contact"),
            WiringOptions.Pull("up"),
            DriverOption.Boolean("activeLow", true, "closed means low: the contact leads to ground"),
            DriverOption.Duration("debounce", "10ms", TimeSpan.Zero, TimeSpan.FromSeconds(1), "a level must hold this long to count; reeds bounce for up to 5 ms"),
            DriverOption.Choice("normally", "closed", ["closed", "open"], "how it is while nothing is wrong: a door contact is closed with the door"),
        ],
        Datasheet = "kernel GPIO character device uAPI v2",
        Wiring = "The contact between the pin and ground; the Pi's own pull-up does.",
        Accuracy = "Switches 5 to 15 mm from the magnet, as the maker says.",
        Notes = ["A cut wire reads as open: choose contacts that are normally closed.", "For wires outside of the house use an external 4.7 kΩ pull-up and an optocoupler."],
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Reed(context),
    };

    protected override Reading Measure(bool isActive)
    {
        var reading = base.Measure(isActive);
        return reading with { Values = [.. reading.Values, new("disturbed", isActive == _isNormallyClosed ? 0 : 1, Unit.None)] };
    }
}
