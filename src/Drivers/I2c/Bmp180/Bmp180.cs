using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>BMP180 and BMP085. Facts: Bosch BST-BMP180-DS000 rev 2.5 §3.3 to §3.5.</summary>
internal sealed class Bmp180 : I2cSensor
{
    public const byte CalibrationStart = 0xAA, Id = 0xD0, Reset = 0xE0, Control = 0xF4, Data = 0xF6, IdValue = 0x55, MeasureTemperature = 0x2E, MeasurePressure = 0x34;

    private static readonly ImmutableArray<int> Addresses = [0x77];
    private static readonly double[] PressureMilliseconds = [4.5, 7.5, 13.5, 25.5];

    private readonly int _oversampling;
    private readonly byte[] _words = new byte[22];
    private readonly byte[] _data = new byte[3];
    private Bmp180Calibration _calibration;

    public Bmp180(DriverContext context)
        : base(context) => _oversampling = context.Options.Integer("oversampling") switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 };

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "bmp180",
        Chip = "BMP180",
        Description = "Temperature and pressure",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("temperature", Unit.Celsius, -40, 85, "Air temperature"),
            new("pressure", Unit.Pascal, 30_000, 110_000, "Air pressure at the sensor, not reduced to sea level"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.IntegerOf("oversampling", 8, [1, 2, 4, 8], "pressure measurements averaged for one reading"),
        ],
        Datasheet = "Bosch BST-BMP180-DS000 rev 2.5",
        Wiring = "3.3 V, GND, SDA, SCL.",
        Accuracy = "±1 °C, ±1 hPa.",
        Factory = context => new Bmp180(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var id = await ReadRegisterAsync(Id, cancellationToken).ConfigureAwait(false);
        if (id != IdValue)
            throw WrongChip($"identification 0x{id:X2} instead of 0x55", "the driver: 0x58 is a BMP280, 0x60 a BME280");
        await ReadRegistersAsync(CalibrationStart, _words, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _words.Length; i += 2)
        {
            var word = BinaryPrimitives.ReadUInt16BigEndian(_words.AsSpan(i));
            if (word is 0x0000 or 0xFFFF) // §3.4: no word may be either
                throw Fault(DriverFault.Garbage, $"calibration word {i / 2} is 0x{word:X4}", "wiring and supply");
        }

        _calibration = Bmp180Calibration.Parse(_words);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await ConvertAsync(MeasureTemperature, 4.5, 2, cancellationToken).ConfigureAwait(false);
        var rawTemperature = BinaryPrimitives.ReadUInt16BigEndian(_data);
        await ConvertAsync((byte)(MeasurePressure + (_oversampling << 6)), PressureMilliseconds[_oversampling], 3, cancellationToken).ConfigureAwait(false);
        var rawPressure = ((_data[0] << 16) | (_data[1] << 8) | _data[2]) >> (8 - _oversampling);
        var (tenths, pascal) = _calibration.Compensate(rawTemperature, rawPressure, _oversampling);
        return Now(Value(0, tenths / 10.0), Value(1, pascal));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ConvertAsync(byte command, double milliseconds, int length, CancellationToken cancellationToken)
    {
        await WriteRegisterAsync(Control, command, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken).ConfigureAwait(false);
        await ReadRegistersAsync(Data, _data.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        RejectEmpty(_data.AsSpan(0, length));
    }
}
