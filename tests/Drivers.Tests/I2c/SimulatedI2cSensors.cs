using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>The fake of every I²C sensor of the catalogue, and what its chip can tell: the table the shared tests run over.</summary>
internal static class SimulatedI2cSensors
{
    /// <param name="HasChecksum">Every byte of a reading is under a checksum.</param>
    /// <param name="IsMute">The chip has neither identification nor a register that would show a held line or another chip.</param>
    public sealed record Entry(string Driver, Func<TimeProvider, SimulatedI2cChip> Make, bool HasChecksum = false, bool IsMute = false)
    {
        public int Address => DriverCatalog.Find(Driver)!.Addresses[0];
    }

    public static IReadOnlyList<Entry> All { get; } =
    [
        new("ads1015", time => new SimulatedAds1115(time, is12Bit: true)),
        new("ads1115", time => new SimulatedAds1115(time)),
        new("aht20", time => new SimulatedAht20(time), HasChecksum: true),
        new("apds9960", time => new SimulatedApds9960(time)),
        new("bh1750", time => new SimulatedBh1750(time), IsMute: true),
        new("bme280", time => new SimulatedBme280(time)),
        new("bme680", time => new SimulatedBme680(time)),
        new("bmp180", time => new SimulatedBmp180(time)),
        new("bmp280", time => new SimulatedBme280(time, hasHumidity: false)),
        new("ds3231", time => new SimulatedDs3231(time)),
        new("htu21d", time => new SimulatedHtu21d(time), HasChecksum: true),
        new("ina219", time => new SimulatedIna219(time)),
        new("ina226", time => new SimulatedIna226(time)),
        new("ina260", time => new SimulatedIna226(time, isIna260: true)),
        new("mcp9808", time => new SimulatedMcp9808(time)),
        new("mpu6050", time => new SimulatedMpu6050(time)),
        new("scd30", time => new SimulatedScd30(time), HasChecksum: true),
        new("scd4x", time => new SimulatedScd4x(time), HasChecksum: true),
        new("sgp30", time => new SimulatedSgp30(time), HasChecksum: true),
        new("sht3x", time => new SimulatedSht3x(time), HasChecksum: true),
        new("sht4x", time => new SimulatedSht4x(time), HasChecksum: true),
        new("tca9548a", time => new SimulatedTca9548a(time), IsMute: true),
        new("tsl2561", time => new SimulatedTsl2561(time)),
        new("veml7700", time => new SimulatedVeml7700(time)),
        new("vl53l0x", time => new SimulatedVl53l0x(time)),
    ];

    public static TheoryData<string> Names => [.. All.Select(entry => entry.Driver)];

    public static Entry Of(string driver) => All.Single(entry => entry.Driver == driver);
}
