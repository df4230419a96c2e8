using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>Every driver there is.</summary>
public static class DriverCatalog
{
    /// <summary>By name.</summary>
    public static ImmutableArray<DriverDescriptor> All { get; } = [.. Known.OrderBy(driver => driver.Name, StringComparer.Ordinal)];

    private static DriverDescriptor[] Known =>
    [
        Ads1115Driver.Ads1015,
        Ads1115Driver.Ads1115,
        Aht20.Descriptor,
        Apds9960.Descriptor,
        Bh1750.Descriptor,
        Bme280Driver.Bme280,
        Bme280Driver.Bme280Spi,
        Bme280Driver.Bmp280,
        Bme280Driver.Bmp280Spi,
        Bme680Driver.Descriptor,
        Bmp180.Descriptor,
        ButtonDriver.Descriptor,
        Ds18b20Driver.Descriptor,
        Ds3231.Descriptor,
        Eeprom24cDriver.Descriptor,
        Htu21d.Descriptor,
        Ina219.Descriptor,
        Ina226.Ina226Descriptor,
        Ina226.Ina260Descriptor,
        Mcp9808.Descriptor,
        Mpu6050Driver.Descriptor,
        RelayDriver.Descriptor,
        Scd30.Descriptor,
        Scd4x.Descriptor,
        Sgp30.Descriptor,
        Sht3xDriver.Descriptor,
        Sht4x.Descriptor,
        Tca9548a.Descriptor,
        Tsl2561.Descriptor,
        Veml7700.Descriptor,
        Vl53l0xDriver.Descriptor,
        // GPIO, the kernel's files, PWM, serial lines, SPI and what is driven on I²C.
        DhtDriver.Dht11,
        DhtDriver.Dht22,
        DigitalIn.Descriptor,
        DigitalOut.Descriptor,
        Gps.Descriptor,
        HcSr04.Descriptor,
        Hd44780.Descriptor,
        Hx711.Descriptor,
        PwmOutput.Led,
        Max31855.Descriptor,
        Max31865.Descriptor,
        Max6675.Descriptor,
        Mcp23017Driver.I2c,
        Mcp23017Driver.Spi,
        Mcp3008Driver.Mcp3008,
        Mcp3008Driver.Mcp3208,
        MhZ19.Descriptor,
        Pca9685.Descriptor,
        Pcf8574.Descriptor,
        Pir.Descriptor,
        Pms5003.Descriptor,
        .. PulseCounterDriver.All,
        PwmOutput.Pwm,
        RaspberryPi.Descriptor,
        Reed.Descriptor,
        RotaryEncoder.Descriptor,
        Sdm.Sdm120,
        Sdm.Sdm230,
        Sdm.Sdm630,
        Servo.Descriptor,
        Ssd1306.Sh1106,
        Ssd1306.Descriptor,
    ];

    public static DriverDescriptor? Find(string name)
    {
        foreach (var driver in All)
            if (driver.Name == name)
                return driver;
        return null;
    }

    /// <exception cref="DriverOptionException">No such driver, or options that do not fit it.</exception>
    public static IDevice Create(string driver, IReadOnlyDictionary<string, string> options, IHeader header, TimeProvider time) =>
        Find(driver) is { } found
            ? found.Create(options, header, time)
            : throw new DriverOptionException(driver, [new OptionFault("driver", driver, $"one of {string.Join(", ", All.Select(known => known.Name))}")]);
}
