using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Vl53l0xDriver
{
    private static readonly ImmutableArray<int> Addresses = [0x29];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "vl53l0x",
        Chip = "VL53L0X",
        Description = "Distance by time of flight, up to 2 m",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = [new("distance", Unit.Metre, 0, 2, "Distance of the target; saturated at 2 m where there is none")],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Number("offset", 0, -0.5, 0.5, "metres added to each distance, found with a target at a known one"),
        ],
        Datasheet = "ST DS11555 rev 4, STSW-IMG005 1.0.2",
        Wiring = "2.6 to 3.5 V, GND, SDA, SCL; XSHUT high. All wake at 0x29: use a TCA9548A for several.",
        Accuracy = "±3 % on a white target in the dark; sun shortens the range to below 1 m.",
        Notes = ["A cover glass throws light back and needs a gap of less than 1 mm.", "A VL53L1X is another chip with registers of 16 bits: it is told apart, and not read."],
        Factory = context => new Vl53l0x(context),
    };
}
