namespace EdgeGateway.Drivers;

/// <summary>A digital output.</summary>
internal sealed class DigitalOut(DriverContext context) : GpioActuator(context)
{
    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "digital-out",
        Chip = "digital output",
        Description = "A digital output: a transistor, an optocoupler, another machine's input",
        Kind = DriverKind.Actuator,
        Bus = BusKind.Gpio,
        States = [StateDescriptor.Switch("Whether it is on")],
        Options =
        [
            WiringOptions.Pin("GPIO number of the output"),
            DriverOption.Boolean("activeLow", false, "on means low"),
            DriverOption.Choice("safe", "off", ["off", "on"], "state at start, at stop and when commands are stale"),
        ],
        Datasheet = "kernel GPIO character device uAPI v2",
        Wiring = "The pin to a transistor's base or gate, an optocoupler's LED through 330 Ω, or a 3.3 V input.",
        Accuracy = "3.3 V, at most 16 mA a pin and 50 mA over all pins.",
        Notes = ["After the service has stopped the kernel keeps the level until another program takes the pin.", "Before the start the pin is an input with the pull the firmware gives it: add a resistor where that matters."],
        Factory = context => new DigitalOut(context),
    };
}
