using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>
/// INA219 measuring all the time; current and power are computed here from the shunt voltage, since the chip's own calibration
/// is lost at each brown-out and then reads 0 A. Facts: TI SBOS448G §8.6.
/// </summary>
internal sealed class Ina219 : I2cSensor
{
    public const byte Config = 0, Shunt = 1, Bus = 2, Power = 3, Current = 4, Calibration = 5;
    public const ushort ConfigAfterReset = 0x399F; // 32 V, ±320 mV, 12 bit, continuous

    private const short LargestShunt = 32000; // ±320 mV

    private static readonly ImmutableArray<int> Addresses = [.. Enumerable.Range(0x40, 16)];

    private readonly double _shuntOhm;

    public Ina219(DriverContext context)
        : base(context) => _shuntOhm = context.Options.Number("shunt");

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "ina219",
        Chip = "INA219",
        Description = "Voltage, current and power of a load up to 26 V",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("voltage", Unit.Volt, 0, 26, "Voltage of the load against ground"),
            new("current", Unit.Ampere, -1000, 1000, "Current through the shunt; negative when it flows back"),
            new("power", Unit.Watt, -26_000, 26_000, "Voltage times current"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Number("shunt", 0.1, 0.0001, 100, "shunt in ohms: 0.1 on the common board, which then measures ±3.2 A"),
        ],
        Datasheet = "TI SBOS448G",
        Wiring = "3.3 V, GND, SDA, SCL; the shunt between VIN+ (supply) and VIN- (load).",
        Accuracy = "±0.5 % and the shunt's own.",
        Notes = ["Shares its addresses with the PCA9685, and 0x40 with the HTU21D."],
        Factory = context => new Ina219(context),
    };

    protected override ValueTask ConfigureAsync(CancellationToken cancellationToken) => WriteWordAsync(Config, ConfigAfterReset, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var config = await ReadWordAsync(Config, cancellationToken).ConfigureAwait(false);
        if (config != ConfigAfterReset)
            throw Fault(DriverFault.Garbage, $"configuration 0x{config:X4} instead of 0x{ConfigAfterReset:X4}", "wiring and supply, and what is wired at this address");
        var shunt = unchecked((short)await ReadWordAsync(Shunt, cancellationToken).ConfigureAwait(false));
        var bus = await ReadWordAsync(Bus, cancellationToken).ConfigureAwait(false);
        var (volts, amperes) = (BusVolts(bus), ShuntVolts(shunt) / _shuntOhm);
        var quality = Math.Abs((int)shunt) >= LargestShunt ? ReadingQuality.Saturated : ReadingQuality.Good;
        return Now(Value(0, volts), Value(1, amperes, quality), Value(2, volts * amperes, quality));
    }

    /// <summary>Unsigned: a signed shift turns everything above 16.38 V negative.</summary>
    internal static double BusVolts(ushort register) => (register >> 3) * 0.004;

    internal static double ShuntVolts(short register) => register * 1e-5;
}
