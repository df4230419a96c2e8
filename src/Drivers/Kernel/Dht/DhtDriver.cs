using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class DhtDriver
{
    private static readonly ImmutableArray<DriverOption> Options =
        [DriverOption.Text("device", "", "which one, such as dht11@4 (the kernel's name, by its pin); may be left out where there is only one")];

    private static readonly ImmutableArray<string> Notes =
    [
        "The kernel reads it: dtoverlay=dht11,gpiopin=4 in config.txt, for both types. No pin is configured here.",
        "One reading in ten fails; the driver tries three times, two seconds apart, and then says so. It never repeats an old value.",
        "A reading shows the conversion before: the first after a long pause is as old as the pause.",
    ];

    public static DriverDescriptor Dht22 { get; } = new()
    {
        Name = "dht22",
        Chip = "DHT22",
        Description = "Temperature and humidity on one wire (also AM2302)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Kernel,
        Readings = [new("temperature", Unit.Celsius, -40, 80, "Air temperature"), new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity")],
        Options = Options,
        Datasheet = "Aosong AM2302; kernel driver drivers/iio/humidity/dht11.c",
        Wiring = "VCC 3.3 V, DATA to the pin the overlay names, 4.7 to 10 kΩ from DATA to 3.3 V (on boards it is there).",
        Accuracy = "±0.5 °C, ±2 to 5 %RH.",
        Notes = [.. Notes, "Clones that send negative temperatures as two's complement are understood too."],
        ShortestInterval = TimeSpan.FromSeconds(2),
        Factory = context => new Dht(context, TimeSpan.FromSeconds(2.2)),
    };

    public static DriverDescriptor Dht11 { get; } = new()
    {
        Name = "dht11",
        Chip = "DHT11",
        Description = "Temperature and humidity on one wire, coarse",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Kernel,
        Readings = [new("temperature", Unit.Celsius, -20, 60, "Air temperature"), new("humidity", Unit.RelativeHumidity, 5, 95, "Relative humidity")],
        Options = Options,
        Datasheet = "Aosong DHT11; kernel driver drivers/iio/humidity/dht11.c",
        Wiring = Dht22.Wiring,
        Accuracy = "±2 °C, ±5 %RH.",
        Notes = Notes,
        ShortestInterval = TimeSpan.FromSeconds(2),
        Factory = context => new Dht(context, TimeSpan.FromSeconds(2.2)), // the kernel answers from memory for 2 s
    };
}
