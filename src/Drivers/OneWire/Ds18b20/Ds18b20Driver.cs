namespace EdgeGateway.Drivers;

internal static class Ds18b20Driver
{
    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "ds18b20",
        Chip = "DS18B20",
        Description = "Temperature on the 1-Wire bus (also DS18S20, DS1822, MAX31850, DS28EA00)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.OneWire,
        Readings = [new("temperature", Unit.Celsius, -55, 125, "Temperature of the sensor")],
        Options =
        [
            DriverOption.Text("rom", "", "which one, such as 28-0316a2795f1b; may be left out where there is only one"),
            DriverOption.Choice("resolution", "keep", ["keep", "9", "10", "11", "12"], "bits; fewer convert faster (94, 188, 375, 750 ms)"),
            new DriverOption("powerPin", OptionType.Integer, "", [], 0, 27, "GPIO that supplies the sensor: switched off and on when it has vanished"),
        ],
        Datasheet = "Maxim DS18B20 rev 6",
        Wiring = "VDD 3.3 V, GND, DQ to GPIO4 with 4.7 kΩ from DQ to 3.3 V; dtoverlay=w1-gpio in config.txt. Several share the three wires.",
        Accuracy = "±0.5 °C from -10 to 85 °C; steps of 0.0625 °C at 12 bits.",
        Notes =
        [
            "Exactly 85 °C is what it says before it has converted: refused unless a reading of the last five minutes was near it.",
            "An empty file or NO in it is a wrong checksum: a failed reading, never -127 °C or the last value.",
            "One that vanishes comes back only after its supply was off: give it a GPIO as supply (powerPin) and the driver does that.",
            "Most cheap ones are counterfeits; some fail below 3.3 V or take longer to convert.",
            "Parasitic supply (two wires) needs the overlay w1-gpio-pullup; three wires are better.",
        ],
        ShortestInterval = TimeSpan.FromSeconds(1),
        Factory = context => new Ds18b20(context),
    };
}
