using System.Buffers.Binary;
using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>
/// Which chips live at which address and how to tell them apart without writing more than a register pointer or an identification command.
/// Addresses where even a pointer does harm are read only: a byte written to a PCF8574 (0x20–0x27, 0x38–0x3F) moves its pins,
/// one written to a TCA9548A (0x70–0x77) joins its channels.
/// </summary>
internal static class AddressMap
{
    private static readonly IdentificationStep
        Mcp9808 = async (probe, token) =>
            Word(await probe.RegisterAsync(0x06, 2, token).ConfigureAwait(false)) == 0x0054 && Word(await probe.RegisterAsync(0x07, 2, token).ConfigureAwait(false)) >> 8 == 0x04
                ? new("MCP9808", "mcp9808", Confidence.Certain, "manufacturer 0x0054, device 0x04") : null,
        Lis3dh = Register("LIS3DH", "lis3dh", 0x0F, 0x33),
        Hmc5883l = async (probe, token) => await probe.RegisterAsync(0x0A, 3, token).ConfigureAwait(false) is [0x48, 0x34, 0x33]
            ? new("HMC5883L", "hmc5883l", Confidence.Certain, "identification H43") : null,
        Veml7700 = async (probe, token) => await probe.RegisterAsync(0x07, 2, token).ConfigureAwait(false) is [0x81, _]
            ? new("VEML7700", "veml7700", Confidence.Certain, "identification 0x81") : null,
        Vl53l1x = async (probe, token) => await probe.WideRegisterAsync(0x010F, 1, token).ConfigureAwait(false) is [0xEA]
            ? new("VL53L1X", "vl53l1x", Confidence.Certain, "identification 0xEA") : null,
        Apds9960 = async (probe, token) =>
        {
            // 0xFF at rest is an idle PCF8574A: a pointer would be its new output.
            if (await probe.PlainAsync(1, token).ConfigureAwait(false) is [0xFF])
                return null;
            var id = await probe.RegisterAsync(0x92, 1, token).ConfigureAwait(false);
            return id is [0xAB or 0xA8 or 0x9C] ? new("APDS9960", "apds9960", Confidence.Certain, $"identification 0x{id[0]:X2}") : null;
        },
        Tsl2561 = async (probe, token) =>
        {
            if (probe.Address == 0x39 && await probe.PlainAsync(1, token).ConfigureAwait(false) is [0xFF])
                return null;
            var id = await probe.RegisterAsync(0x8A, 1, token).ConfigureAwait(false);
            return id is not null && id[0] >> 4 is 1 or 5 && id is not [0x11] ? new("TSL2561", "tsl2561", Confidence.Certain, $"part number 0x{id[0]:X2}") : null;
        },
        Aht20 = async (probe, token) =>
            await probe.PlainAsync(1, token).ConfigureAwait(false) is [var status] && (status & 0x80) == 0 && (status & 0x18) != 0
                ? new("AHT20", "aht20", Confidence.Likely, $"status 0x{status:X2}: idle") : null,
        CommandChipAt40 = async (probe, token) =>
        {
            // Register chips answer to pointer 0; to these it is an unknown command.
            if (await probe.RegisterAsync(0x00, 2, token).ConfigureAwait(false) is not null)
                return null;
            var id = await probe.CommandAsync([0xFC, 0xC9], 1, 6, token).ConfigureAwait(false);
            if (id is not null && Crc8.Htu(id.AsSpan(0, 2)) == id[2])
            {
                return id[0] == 0x32 ? new("HTU21D", "htu21d", Confidence.Certain, "electronic serial number, third byte 0x32")
                    : id[0] is 0x15 or 0x14 or 0x0D ? new("Si7021", "htu21d", Confidence.Certain, $"electronic serial number, third byte 0x{id[0]:X2}")
                    : new("HTU21D", "htu21d", Confidence.Likely, $"electronic serial number, third byte 0x{id[0]:X2}");
            }

            return probe.IsPresent ? new("HTU21D", "htu21d", Confidence.Likely, "takes commands and has no register 0") : null;
        },
        TexasAt40 = async (probe, token) =>
        {
            if (Word(await probe.RegisterAsync(0xFE, 2, token).ConfigureAwait(false)) != 0x5449)
                return null;
            var die = Word(await probe.RegisterAsync(0xFF, 2, token).ConfigureAwait(false));
            return (die >> 4) switch
            {
                0x227 => new("INA260", "ina260", Confidence.Certain, $"manufacturer TI, die 0x{die:X4}"),
                0x226 => new("INA226", "ina226", Confidence.Certain, $"manufacturer TI, die 0x{die:X4}"),
                _ when die == 0x1050 => new("HDC1080", "hdc1080", Confidence.Certain, "manufacturer TI, device 0x1050"),
                _ => null,
            };
        },
        RegisterChipAt40 = async (probe, token) =>
        {
            var zero = await probe.RegisterAsync(0x00, 2, token).ConfigureAwait(false);
            if (zero is null)
                return null;
            if (Word(zero) == 0x399F)
                return new("INA219", "ina219", Confidence.Certain, "configuration 0x399F, its power-on value");
            // Without auto-increment a PCA9685 gives MODE1 twice, with it MODE1 and MODE2, whose upper bits are zero.
            if (probe.Address < 0x80 && (zero[0] == zero[1] || (zero[0] & 0x20) != 0) && (zero[0] & 0x41) is 0x01 or 0x00 && zero is not [0xFF, 0xFF])
            {
                var prescale = await probe.RegisterAsync(0xFE, 1, token).ConfigureAwait(false);
                if (prescale is [>= 3])
                    return new("PCA9685", "pca9685", zero[0] == 0x11 ? Confidence.Certain : Confidence.Likely, $"MODE1 0x{zero[0]:X2}, prescale 0x{prescale[0]:X2}");
            }

            // Bits 15, 14 of an INA219's configuration read zero once set up, and its calibration's bit 0 always does.
            var calibration = await probe.RegisterAsync(0x05, 2, token).ConfigureAwait(false);
            return probe.Address < 0x50 && (zero[0] & 0xC0) == 0 && calibration is not null && (calibration[1] & 1) == 0
                ? new("INA219", "ina219", Confidence.Likely, $"configuration 0x{Word(zero):X4}") : null;
        },
        Sht3x = async (probe, token) =>
            Good(await probe.CommandAsync([0xF3, 0x2D], 1, 3, token).ConfigureAwait(false), 1) ? new("SHT3x", "sht3x", Confidence.Certain, "status with a good checksum") : null,
        Sht4x = async (probe, token) =>
            Good(await probe.CommandAsync([0x89], 1, 6, token).ConfigureAwait(false), 2) ? new("SHT4x", "sht4x", Confidence.Certain, "serial number with good checksums") : null,
        Ads1115 = async (probe, token) =>
        {
            var config = Word(await probe.RegisterAsync(0x01, 2, token).ConfigureAwait(false));
            // Set up by us or another: single shot, comparator off. An ADS1015 cannot be told by its registers.
            return config == 0x8583 ? new("ADS1115", "ads1115", Confidence.Certain, "configuration 0x8583, its power-on value")
                : (config & 0x8103) == 0x8103 ? new("ADS1115", "ads1115", Confidence.Likely, $"configuration 0x{config:X4}") : null;
        },
        Sgp30 = async (probe, token) =>
            Good(await probe.CommandAsync([0x36, 0x82], 1, 9, token).ConfigureAwait(false), 3) ? new("SGP30", "sgp30", Confidence.Certain, "serial number with good checksums") : null,
        Scd4x = async (probe, token) =>
            Good(await probe.CommandAsync([0x36, 0x82], 1, 9, token).ConfigureAwait(false), 3) ? new("SCD4x", "scd4x", Confidence.Certain, "serial number with good checksums")
                : Good(await probe.CommandAsync([0xE4, 0xB8], 1, 3, token).ConfigureAwait(false), 1) ? new("SCD4x", "scd4x", Confidence.Certain, "it is measuring") : null,
        Scd30 = async (probe, token) =>
            Good(await probe.CommandAsync([0xD1, 0x00], 3, 3, token).ConfigureAwait(false), 1) ? new("SCD30", "scd30", Confidence.Certain, "firmware version with a good checksum") : null,
        Mpu6050 = async (probe, token) => (await probe.RegisterAsync(0x75, 1, token).ConfigureAwait(false)) switch
        {
            [0x68] => new("MPU6050", "mpu6050", Confidence.Certain, "WHO_AM_I 0x68"),
            [0x70] => new("MPU6500", "mpu6050", Confidence.Certain, "WHO_AM_I 0x70"),
            [0x71] => new("MPU9250", "mpu6050", Confidence.Certain, "WHO_AM_I 0x71"),
            [0x72 or 0x98] and var id => new("MPU6050", "mpu6050", Confidence.Likely, $"WHO_AM_I 0x{id[0]:X2}, a clone's"),
            _ => null,
        },
        Icm20948 = Register("ICM20948", "icm20948", 0x00, 0xEA),
        Ds3231 = async (probe, token) =>
        {
            if (probe.Address != 0x68 || await probe.RegisterAsync(0x00, 19, token).ConfigureAwait(false) is not { } bytes || !IsClock(bytes))
                return null;
            return (bytes[0x0F] & 0x70) == 0 && (bytes[0x12] & 0x3F) == 0 && (sbyte)bytes[0x11] is > -40 and < 86
                ? new("DS3231", "ds3231", Confidence.Likely, "a clock's registers and a plausible temperature")
                : new("DS1307", "ds1307", Confidence.Likely, "a clock's registers and no temperature");
        },
        Bosch = async (probe, token) => (await probe.RegisterAsync(0xD0, 1, token).ConfigureAwait(false)) switch
        {
            [0x55] => new("BMP180", "bmp180", Confidence.Certain, "identification 0x55"),
            [0x56 or 0x57 or 0x58] => new("BMP280", "bmp280", Confidence.Certain, "identification 0x58"),
            [0x60] => new("BME280", "bme280", Confidence.Certain, "identification 0x60"),
            [0x61] => new("BME680", "bme680", Confidence.Certain, "identification 0x61"),
            _ => null,
        },
        Bmp388 = async (probe, token) => (await probe.RegisterAsync(0x00, 1, token).ConfigureAwait(false)) switch
        {
            [0x50] => new("BMP388", "bmp388", Confidence.Certain, "identification 0x50"),
            [0x60] => new("BMP390", "bmp390", Confidence.Certain, "identification 0x60"),
            _ => null,
        };

    public static ImmutableArray<AddressEntry> Entries { get; } =
    [
        new(0x0D, 0x0D, [Register("QMC5883L", "qmc5883l", 0x0D, 0xFF)], []) { Identifiable = "QMC5883L" },
        new(0x10, 0x10, [Veml7700], [new("VEML7700", "veml7700"), new("VEML6075", "veml6075")]),
        new(0x18, 0x1D, [Mcp9808, Lis3dh], []) { Identifiable = "MCP9808, LIS3DH" },
        new(0x1E, 0x1E, [Mcp9808, Hmc5883l], []) { Identifiable = "MCP9808, HMC5883L" },
        new(0x1F, 0x1F, [Mcp9808], []) { Identifiable = "MCP9808" },
        new(0x20, 0x22, [], [new("MCP23017", "mcp23017"), new("PCF8574", "pcf8574")]),
        new(0x23, 0x23, [], [new("BH1750", "bh1750"), new("PCF8574", "pcf8574"), new("MCP23017", "mcp23017")]),
        new(0x24, 0x26, [], [new("MCP23017", "mcp23017"), new("PCF8574", "pcf8574")]),
        new(0x27, 0x27, [], [new("HD44780", "hd44780"), new("PCF8574", "pcf8574"), new("MCP23017", "mcp23017")]),
        new(0x29, 0x29, [Register("VL53L0X", "vl53l0x", 0xC0, 0xEE), Register("TSL2591", "tsl2591", 0xB2, 0x50), Tsl2561, Register("BNO055", "bno055", 0x00, 0xA0), Vl53l1x], [])
        {
            Identifiable = "VL53L0X, VL53L1X, TSL2561, TSL2591, BNO055",
        },
        new(0x36, 0x37, [], [new("seesaw", "seesaw"), new("MAX17048", "max17048")]),
        new(0x38, 0x38, [Aht20], [new("PCF8574A", "pcf8574"), new("AHT20", "aht20")]),
        new(0x39, 0x39, [Apds9960, Tsl2561], [new("PCF8574A", "pcf8574")]),
        new(0x3A, 0x3B, [], [new("PCF8574A", "pcf8574")]),
        new(0x3C, 0x3D, [], [new("SSD1306", "ssd1306"), new("SH1106", "sh1106"), new("PCF8574A", "pcf8574")]),
        new(0x3E, 0x3E, [], [new("PCF8574A", "pcf8574")]),
        new(0x3F, 0x3F, [], [new("HD44780", "hd44780"), new("PCF8574A", "pcf8574")]),
        new(0x40, 0x40, [CommandChipAt40, RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], []) { Identifiable = "HTU21D, Si7021, INA219, INA226, INA260, HDC1080, PCA9685" },
        new(0x41, 0x43, [RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], []) { Identifiable = "INA219, INA226, INA260, PCA9685" },
        new(0x44, 0x46, [CommandChip(Sht3x), CommandChip(Sht4x), RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], []) { Identifiable = "SHT3x, SHT4x, INA219, INA226, INA260, PCA9685" },
        new(0x47, 0x47, [RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], []) { Identifiable = "INA219, INA226, INA260, PCA9685" },
        new(0x48, 0x48, [Ads1115, RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], [new("TMP102", "tmp102"), new("PCF8591", "pcf8591")]),
        new(0x49, 0x49, [Ads1115, RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], [new("TSL2561", "tsl2561"), new("TMP102", "tmp102"), new("PCF8591", "pcf8591")]),
        new(0x4A, 0x4B, [Ads1115, RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], [new("TMP102", "tmp102"), new("PCF8591", "pcf8591")]),
        new(0x4C, 0x4F, [RegisterChip(TexasAt40), RegisterChip(RegisterChipAt40)], []) { Identifiable = "INA219, INA226, INA260, PCA9685" },
        new(0x50, 0x57, [], [new("24Cxx", "24cxx")]),
        new(0x58, 0x58, [CommandChip(Sgp30), RegisterChip(RegisterChipAt40)], []) { Identifiable = "SGP30, PCA9685" },
        new(0x5A, 0x5B, [Register("CCS811", "ccs811", 0x20, 0x81)], [new("MLX90614", "mlx90614"), new("MPR121", "mpr121")]),
        new(0x5C, 0x5C, [], [new("BH1750", "bh1750")]),
        new(0x61, 0x61, [CommandChip(Scd30), RegisterChip(RegisterChipAt40)], []) { Identifiable = "SCD30, PCA9685" },
        new(0x62, 0x62, [CommandChip(Scd4x), RegisterChip(RegisterChipAt40)], []) { Identifiable = "SCD4x, PCA9685" },
        new(0x68, 0x69, [Mpu6050, Icm20948, Ds3231], []) { Identifiable = "MPU6050, MPU6500, MPU9250, ICM20948, DS3231, DS1307" },
        new(0x70, 0x75, [], [new("TCA9548A", "tca9548a"), new("SHTC3", "shtc3"), new("HT16K33", "ht16k33")]),
        new(0x76, 0x77, [Bosch, Bmp388], [new("TCA9548A", "tca9548a"), new("MS5611", "ms5611")]),
    ];

    public static AddressEntry? Find(int address)
    {
        foreach (var entry in Entries)
            if (address >= entry.First && address <= entry.Last)
                return entry;
        return null;
    }

    private static IdentificationStep Register(string chip, string driver, byte pointer, byte value) => async (probe, token) =>
        await probe.RegisterAsync(pointer, 1, token).ConfigureAwait(false) is [var read] && read == value
            ? new(chip, driver, Confidence.Certain, $"identification 0x{value:X2}") : null;

    // A chip with registers answers to a pointer after a repeated start, one with commands does not. The former must not get a command:
    // its second byte would be a register's new value, and at these addresses the outputs of a PCA9685 could move.
    private static IdentificationStep CommandChip(IdentificationStep step) => async (probe, token) =>
        await probe.RegisterAsync(0x00, 2, token).ConfigureAwait(false) is null or [0xFF, 0xFF] ? await step(probe, token).ConfigureAwait(false) : null;

    // The other way round: to an HTU21D the pointer 0xFE is its reset.
    private static IdentificationStep RegisterChip(IdentificationStep step) => async (probe, token) =>
        await probe.RegisterAsync(0x00, 2, token).ConfigureAwait(false) is null ? null : await step(probe, token).ConfigureAwait(false);

    private static int Word(byte[]? bytes) => bytes is null ? -1 : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static bool Good(byte[]? words, int count)
    {
        if (words is null || !words.AsSpan().ContainsAnyExcept((byte)0x00))
            return false;
        for (var i = 0; i < count; i++)
            if (Crc8.Sensirion(words.AsSpan(i * 3, 2)) != words[(i * 3) + 2])
                return false;
        return true;
    }

    // Seconds, minutes, hours, day of week, date, month as BCD in their ranges (DS3231 rev 10 Figure 1).
    private static bool IsClock(ReadOnlySpan<byte> bytes)
    {
        static bool Bcd(byte value, int low, int high) => (value & 0x0F) <= 9 && (value >> 4) <= 9 && ((value >> 4) * 10) + (value & 0x0F) is var number && number >= low && number <= high;
        return Bcd((byte)(bytes[0] & 0x7F), 0, 59) && Bcd(bytes[1], 0, 59) && Bcd((byte)(bytes[2] & ((bytes[2] & 0x40) != 0 ? 0x1F : 0x3F)), 0, 23)
            && bytes[3] is >= 1 and <= 7 && Bcd(bytes[4], 1, 31) && Bcd((byte)(bytes[5] & 0x7F), 1, 12) && Bcd(bytes[6], 0, 99);
    }
}
