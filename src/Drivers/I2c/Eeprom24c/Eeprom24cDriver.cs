using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Eeprom24cDriver
{
    private static readonly ImmutableArray<int> Addresses = [.. Enumerable.Range(0x50, 8)];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "24cxx",
        Chip = "24Cxx",
        Description = "EEPROM that keeps a text (24C01 to 24C512)",
        Kind = DriverKind.Actuator,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        States = [StateDescriptor.Words("text", "The text at the place chosen, as UTF-8; empty in a new chip")],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Choice("size", "24c32", [.. Eeprom24cSize.All.Select(size => size.Name)], "which one it is: a wrong size reads and writes other places"),
            DriverOption.Integer("offset", 0, 0, 65_535, "first byte of the text"),
            DriverOption.Integer("length", 32, 1, 256, "bytes kept for the text"),
            DriverOption.Boolean("writable", false, "take commands: without it the memory is only read"),
        ],
        Datasheet = "Microchip DS21203R, Atmel 0180Z",
        Wiring = "3.3 V, GND, SDA, SCL; A0 to A2 choose the address; WP low to write.",
        Accuracy = "A million writes to a page.",
        Notes =
        [
            "A new text is written page by page and read back.",
            "0x50 on i2c-0 identifies a HAT and is never written.",
            "The 24C04, 24C08 and 24C16 take 2, 4 and 8 addresses.",
        ],
        Factory = context => new Eeprom24c(context),
    };
}
