using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>INA226 (shunt outside) and INA260 (2 mΩ inside). Facts: TI SBOS547A §7.6, SBOS656C §8.6.</summary>
internal sealed class Ina226 : I2cSensor
{
    public const byte Config = 0, ShuntOrCurrent = 1, Bus = 2, Power = 3, Manufacturer = 0xFE, Die = 0xFF;
    public const ushort Texas = 0x5449, ConfigAfterReset226 = 0x4127, ConfigAfterReset260 = 0x6127;

    private static readonly ImmutableArray<int> Addresses = [.. Enumerable.Range(0x40, 16)];

    private readonly bool _isIna260;
    private readonly double _ampereLsb;

    public Ina226(DriverContext context, bool isIna260)
        : base(context)
    {
        _isIna260 = isIna260;
        _ampereLsb = isIna260 ? 1.25e-3 : 2.5e-6 / context.Options.Number("shunt");
    }

    public static DriverDescriptor Ina226Descriptor { get; } = Describe("ina226", "INA226", "TI SBOS547A", isIna260: false);

    public static DriverDescriptor Ina260Descriptor { get; } = Describe("ina260", "INA260", "TI SBOS656C", isIna260: true);

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var manufacturer = await ReadWordAsync(Manufacturer, cancellationToken).ConfigureAwait(false);
        var die = await ReadWordAsync(Die, cancellationToken).ConfigureAwait(false);
        if (manufacturer != Texas || die >> 4 != (_isIna260 ? 0x227 : 0x226))
            throw WrongChip($"manufacturer 0x{manufacturer:X4}, die 0x{die:X4} instead of 0x5449, 0x{(_isIna260 ? "227" : "226")}x", "the driver: ina219, ina226 or ina260");
        await WriteWordAsync(Config, Expected, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var config = await ReadWordAsync(Config, cancellationToken).ConfigureAwait(false);
        if (config != Expected)
            throw Fault(DriverFault.Garbage, $"configuration 0x{config:X4} instead of 0x{Expected:X4}", "wiring and supply");
        var raw = unchecked((short)await ReadWordAsync(ShuntOrCurrent, cancellationToken).ConfigureAwait(false));
        var volts = BusVolts(await ReadWordAsync(Bus, cancellationToken).ConfigureAwait(false));
        var amperes = raw * _ampereLsb;
        var quality = raw is short.MinValue or short.MaxValue ? ReadingQuality.Saturated : ReadingQuality.Good;
        return Now(Value(0, volts), Value(1, amperes, quality), Value(2, volts * amperes, quality)); // the chip's own power has no sign
    }

    internal static double BusVolts(ushort register) => register * 1.25e-3;

    private ushort Expected => _isIna260 ? ConfigAfterReset260 : ConfigAfterReset226;

    private static DriverDescriptor Describe(string name, string chip, string datasheet, bool isIna260) => new()
    {
        Name = name,
        Chip = chip,
        Description = "Voltage, current and power of a load up to 36 V",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("voltage", Unit.Volt, 0, 36, "Voltage of the load against ground"),
            new("current", Unit.Ampere, isIna260 ? -15 : -1000, isIna260 ? 15 : 1000, "Current; negative when it flows back"),
            new("power", Unit.Watt, -36_000, 36_000, "Voltage times current"),
        ],
        Options = isIna260
            ? [WiringOptions.I2cBus, WiringOptions.Address(Addresses)]
            : [WiringOptions.I2cBus, WiringOptions.Address(Addresses), DriverOption.Number("shunt", 0.1, 0.0001, 100, "shunt in ohms")],
        Datasheet = datasheet,
        Wiring = isIna260 ? "3.3 V, GND, SDA, SCL; the load's current goes through IN+ and IN-." : "3.3 V, GND, SDA, SCL; the shunt between IN+ and IN-, VBUS to the load.",
        Accuracy = isIna260 ? "±0.15 %." : "±0.1 % and the shunt's own.",
        Notes = ["Power is computed with the current's sign; the chip's own register is always positive."],
        Factory = context => new Ina226(context, isIna260),
    };
}
