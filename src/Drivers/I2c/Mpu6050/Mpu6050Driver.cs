using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Mpu6050Driver
{
    private const double Largest = 16 * 9.80665;

    private static readonly ImmutableArray<int> Addresses = [0x68, 0x69];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "mpu6050",
        Chip = "MPU6050",
        Description = "Acceleration, rotation, tilt and vibration (MPU6050, MPU6500, MPU9250)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("accelerationX", Unit.MetrePerSecondSquared, -Largest, Largest, "Mean acceleration along X, gravity included"),
            new("accelerationY", Unit.MetrePerSecondSquared, -Largest, Largest, "Mean acceleration along Y"),
            new("accelerationZ", Unit.MetrePerSecondSquared, -Largest, Largest, "Mean acceleration along Z"),
            new("vibration", Unit.MetrePerSecondSquared, 0, 2 * Largest, "Root mean square of what the acceleration's size strays from its mean"),
            new("peak", Unit.MetrePerSecondSquared, 0, 2 * Largest, "Largest size of the acceleration"),
            new("pitch", Unit.Degree, -90, 90, "Tilt about Y, from gravity"),
            new("roll", Unit.Degree, -180, 180, "Tilt about X, from gravity"),
            new("rotationX", Unit.DegreePerSecond, -2000, 2000, "Mean rotation about X"),
            new("rotationY", Unit.DegreePerSecond, -2000, 2000, "Mean rotation about Y"),
            new("rotationZ", Unit.DegreePerSecond, -2000, 2000, "Mean rotation about Z"),
            new("temperature", Unit.Celsius, -40, 105, "Temperature of the chip"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Integer("samples", 20, 1, 1000, "samples of 10 ms that one reading sums up"),
            DriverOption.IntegerOf("accelerationRange", 2, [2, 4, 8, 16], "full scale in multiples of gravity"),
            DriverOption.IntegerOf("rotationRange", 250, [250, 500, 1000, 2000], "full scale in °/s"),
        ],
        Datasheet = "InvenSense PS-MPU-6000A rev 3.4, RM-MPU-6000A rev 4.2",
        Wiring = "3.3 V, GND, SDA, SCL; AD0 low 0x68, high 0x69.",
        Accuracy = "±3 % of the scale; the gyroscope of a resting chip may show ±20 °/s, which is its own and constant.",
        Notes = ["Shares 0x68 with the DS3231: set AD0 high.", "Vibration above 44 Hz is filtered out."],
        Factory = context => new Mpu6050(context),
    };
}
