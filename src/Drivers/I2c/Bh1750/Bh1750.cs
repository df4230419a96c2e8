using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>BH1750FVI in one-shot measurements. Facts: ROHM BH1750FVI 2011.11 rev D, instruction set and measurement sequence.</summary>
internal sealed class Bh1750 : I2cSensor
{
    public const byte PowerOn = 0x01, OneTimeHigh = 0x20, OneTimeHigh2 = 0x21, MeasurementTimeHigh = 0x40, MeasurementTimeLow = 0x60;
    public const int DefaultMeasurementTime = 69;

    private static readonly ImmutableArray<int> Addresses = [0x23, 0x5C];

    private readonly bool _isHalfLux;
    private readonly int _measurementTime;
    private readonly byte[] _frame = new byte[2];

    public Bh1750(DriverContext context)
        : base(context)
    {
        _isHalfLux = context.Options.Text("resolution") == "0.5";
        _measurementTime = context.Options.Integer("measurementTime");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "bh1750",
        Chip = "BH1750",
        Description = "Light",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = [new("illuminance", Unit.Lux, 0, 121_557, "Light on the sensor")],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Choice("resolution", "1", ["1", "0.5"], "lx for one count"),
            DriverOption.Integer("measurementTime", DefaultMeasurementTime, 31, 254, "the chip's MTreg: more is more sensitive and slower, less reaches brighter light"),
        ],
        Datasheet = "ROHM BH1750FVI rev D",
        Wiring = "3.3 V, GND, SDA, SCL; ADDR low 0x23, high 0x5C.",
        Accuracy = "±20 %.",
        Notes = ["It has neither identification nor checksum: what answers at 0x23 may be a PCF8574.", "Full scale is published as saturated: lower measurementTime."],
        Factory = context => new Bh1750(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(PowerOn, cancellationToken).ConfigureAwait(false);
        await SendAsync((byte)(MeasurementTimeHigh | (_measurementTime >> 5)), cancellationToken).ConfigureAwait(false);
        await SendAsync((byte)(MeasurementTimeLow | (_measurementTime & 0x1F)), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(_isHalfLux ? OneTimeHigh2 : OneTimeHigh, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(180.0 * _measurementTime / DefaultMeasurementTime), cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        var raw = BinaryPrimitives.ReadUInt16BigEndian(_frame);
        return Now(Value(0, Lux(raw, _measurementTime, _isHalfLux), raw == ushort.MaxValue ? ReadingQuality.Saturated : ReadingQuality.Good));
    }

    internal static double Lux(ushort raw, int measurementTime, bool isHalfLux) =>
        raw / 1.2 * DefaultMeasurementTime / measurementTime / (isHalfLux ? 2 : 1);
}
