namespace EdgeGateway.Drivers;

internal static class RelayDriver
{
    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "relay",
        Chip = "relay",
        Description = "A relay or another load switched by one line",
        Kind = DriverKind.Actuator,
        Bus = BusKind.Gpio,
        States = [StateDescriptor.Switch("Whether the load is on")],
        Options =
        [
            WiringOptions.Pin("GPIO number that drives it"),
            DriverOption.Boolean("activeLow", false, "on means low: many relay boards are made so"),
            DriverOption.Choice("safe", "off", ["off", "on"], "state at start, at stop and when commands are stale"),
        ],
        Datasheet = "kernel GPIO character device uAPI v2",
        Wiring = "IN to the pin, VCC 5 V, GND; with an optocoupler JD-VCC apart from VCC, and VCC at 3.3 V.",
        Accuracy = "Switches in about 10 ms.",
        Notes =
        [
            "Many boards are on while the pin is low: activeLow: true, else they are on when they should be off.",
            "A board with 5 V at VCC may not switch off with 3.3 V at IN: VCC to 3.3 V, JD-VCC to 5 V.",
            "Mains is for an electrician; coils and motors need a diode or snubber.",
        ],
        Factory = context => new Relay(context),
    };
}
