using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>DS3231 clock: its time, its temperature, and whether its time is to be trusted. Facts: Maxim DS3231 rev 10 Figure 1.</summary>
/// <remarks>Where the kernel's driver (overlay i2c-rtc) owns the chip it cannot be opened, and need not be: the kernel keeps the time.</remarks>
internal sealed class Ds3231(DriverContext context) : I2cSensor(context)
{
    public const byte Control = 0x0E, Status = 0x0F, TemperatureRegister = 0x11;
    public const int StatusStopped = 0x80; // OSF: the oscillator has stopped at some time

    private static readonly ImmutableArray<int> Addresses = [0x68];

    private readonly byte[] _registers = new byte[19];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "ds3231",
        Chip = "DS3231",
        Description = "Clock with battery and its temperature",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("temperature", Unit.Celsius, -40, 85, "Temperature of the chip, measured each 64 s"),
            new("time", Unit.Second, 946_684_800, 4_102_444_800, "The clock's time as seconds since 1970, taken as UTC"),
            new("trusted", Unit.None, 0, 1, "1 unless the clock has stopped since it was set"),
        ],
        Options = [WiringOptions.I2cBus, WiringOptions.Address(Addresses)],
        Datasheet = "Maxim DS3231 rev 10",
        Wiring = "3.3 V, GND, SDA, SCL. Many modules charge their cell: with a CR2032, take the diode out.",
        Accuracy = "±2 ppm, ±3 °C.",
        Notes = ["Better left to the kernel: dtoverlay=i2c-rtc,ds3231.", "Shares 0x68 with the MPU6050.", "Modules often carry an EEPROM at 0x57."],
        Factory = made => new Ds3231(made),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken) => await ReadAllAsync(cancellationToken).ConfigureAwait(false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        if (DecodeTime(_registers) is not { } now)
            throw Fault(DriverFault.Implausible, $"time registers {Convert.ToHexString(_registers.AsSpan(0, 7))}", "that it is a DS3231: an MPU6050 uses this address too");
        var trusted = (_registers[Status] & StatusStopped) == 0;
        return Now(
            Value(0, Celsius(_registers[TemperatureRegister], _registers[TemperatureRegister + 1])),
            Value(1, (now - DateTimeOffset.UnixEpoch).TotalSeconds, trusted ? ReadingQuality.Good : ReadingQuality.Implausible),
            Value(2, trusted ? 1 : 0));
    }

    internal static double Celsius(byte high, byte low) => (sbyte)high + ((low >> 6) * 0.25);

    /// <returns>Null where the registers are no time.</returns>
    internal static DateTimeOffset? DecodeTime(ReadOnlySpan<byte> registers)
    {
        static int? Bcd(int value) => (value & 0x0F) > 9 || value >> 4 > 9 ? null : ((value >> 4) * 10) + (value & 0x0F);
        var isTwelve = (registers[2] & 0x40) != 0;
        if (Bcd(registers[0] & 0x7F) is not { } second || Bcd(registers[1] & 0x7F) is not { } minute || Bcd(registers[2] & (isTwelve ? 0x1F : 0x3F)) is not { } hour
            || Bcd(registers[4] & 0x3F) is not { } day || Bcd(registers[5] & 0x1F) is not { } month || Bcd(registers[6]) is not { } year)
        {
            return null;
        }

        if (isTwelve)
            hour = (hour % 12) + ((registers[2] & 0x20) != 0 ? 12 : 0);
        year += 2000 + ((registers[5] & 0x80) != 0 ? 100 : 0);
        return second > 59 || minute > 59 || hour > 23 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            ? null
            : new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadAllAsync(CancellationToken cancellationToken)
    {
        await ReadRegistersAsync(0, _registers, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_registers);
    }
}
