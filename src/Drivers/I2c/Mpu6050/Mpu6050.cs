using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGateway.Drivers;

/// <summary>
/// MPU6050, MPU6500, MPU9250: a reading sums up samples taken at 100 Hz (means, vibration, tilt), since a rule wants these and not
/// a thousand messages a second. Facts: InvenSense PS-MPU-6000A rev 3.4, RM-MPU-6000A rev 4.2.
/// </summary>
internal sealed class Mpu6050 : I2cSensor
{
    private const double StandardGravity = 9.80665;
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(10);

    private readonly int _samples;
    private readonly int _accelCode;
    private readonly int _gyroCode;
    private readonly byte[] _data = new byte[Mpu6050Registers.DataLength];
    private readonly byte[] _scales = new byte[2];
    private readonly double[] _sums = new double[7];
    private readonly bool[] _saturated = new bool[7];
    private double _magnitudes, _squares, _peak;
    private bool _isSibling;

    public Mpu6050(DriverContext context)
        : base(context)
    {
        _samples = context.Options.Integer("samples");
        _accelCode = context.Options.Integer("accelerationRange") switch { 2 => 0, 4 => 1, 8 => 2, _ => 3 };
        _gyroCode = context.Options.Integer("rotationRange") switch { 250 => 0, 500 => 1, 1000 => 2, _ => 3 };
    }

    /// <returns>°C; the MPU6500 and MPU9250 have another line.</returns>
    internal static double Celsius(double raw, bool isSibling) => isSibling ? (raw / 333.87) + 21 : (raw / 340) + 36.53;

    /// <returns>m/s² of a raw value at ±2, ±4, ±8 or ±16 g (code 0 to 3).</returns>
    internal static double Acceleration(double raw, int code) => raw * StandardGravity / (16384 >> code);

    /// <returns>°/s of a raw value at ±250, ±500, ±1000 or ±2000 °/s (code 0 to 3).</returns>
    internal static double Rotation(double raw, int code) => raw * (250 << code) / 32768;

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var id = await ReadRegisterAsync(Mpu6050Registers.WhoAmI, cancellationToken).ConfigureAwait(false);
        if (id is not (Mpu6050Registers.IdMpu6050 or Mpu6050Registers.IdMpu6500 or Mpu6050Registers.IdMpu9250 or Mpu6050Registers.IdClone72 or Mpu6050Registers.IdClone98))
            throw WrongChip($"WHO_AM_I 0x{id:X2} instead of 0x68", "what is wired at this address: a DS3231 uses 0x68, an ICM20948 0x68 and 0x69");
        _isSibling = id is Mpu6050Registers.IdMpu6500 or Mpu6050Registers.IdMpu9250;
        await WriteRegisterAsync(Mpu6050Registers.PowerManagement1, Mpu6050Registers.DeviceReset, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Mpu6050Registers.PowerManagement1, Mpu6050Registers.ClockFromGyro, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Mpu6050Registers.Config, Mpu6050Registers.LowPass44Hertz, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Mpu6050Registers.SampleRateDivider, Mpu6050Registers.HundredHertz, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Mpu6050Registers.GyroConfig, (byte)(_gyroCode << 3), cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Mpu6050Registers.AccelConfig, (byte)(_accelCode << 3), cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false); // gyroscope start-up 30 ms, and the first sample
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await ReadRegistersAsync(Mpu6050Registers.GyroConfig, _scales, cancellationToken).ConfigureAwait(false);
        if (_scales[0] != _gyroCode << 3 || _scales[1] != _accelCode << 3)
            throw Fault(DriverFault.Garbage, $"ranges 0x{_scales[0]:X2} 0x{_scales[1]:X2} instead of 0x{_gyroCode << 3:X2} 0x{_accelCode << 3:X2}", "the supply: it may have restarted");
        Forget();
        for (var sample = 0; sample < _samples; sample++)
        {
            if (sample > 0)
                await Chip.WaitAsync(SampleTime, cancellationToken).ConfigureAwait(false);
            await ReadRegistersAsync(Mpu6050Registers.Data, _data, cancellationToken).ConfigureAwait(false);
            RejectEmpty(_data); // asleep after a loss of power it gives zeros
            Add();
        }

        return SumUp();
    }

    private void Forget()
    {
        Array.Clear(_sums);
        Array.Clear(_saturated);
        (_magnitudes, _squares, _peak) = (0, 0, 0);
    }

    private void Add()
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            var raw = BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(2 * i));
            _sums[i] += raw;
            _saturated[i] |= raw is short.MinValue or short.MaxValue;
        }

        var (x, y, z) = (Axis(0), Axis(1), Axis(2));
        var square = (x * x) + (y * y) + (z * z);
        var magnitude = Math.Sqrt(square);
        _magnitudes += magnitude;
        _squares += square;
        _peak = Math.Max(_peak, magnitude);
    }

    private double Axis(int index) => Acceleration(BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(2 * index)), _accelCode);

    private Reading SumUp()
    {
        var (x, y, z) = (Acceleration(_sums[0] / _samples, _accelCode), Acceleration(_sums[1] / _samples, _accelCode), Acceleration(_sums[2] / _samples, _accelCode));
        var mean = _magnitudes / _samples;
        var vibration = Math.Sqrt(Math.Max(0, (_squares / _samples) - (mean * mean)));
        var any = _saturated[0] || _saturated[1] || _saturated[2] ? ReadingQuality.Saturated : ReadingQuality.Good;
        ReadingValue[] values =
        [
            Value(0, x, Quality(0)), Value(1, y, Quality(1)), Value(2, z, Quality(2)),
            Value(3, vibration, any), Value(4, _peak, any),
            Value(5, Degrees(Math.Atan2(-x, Math.Sqrt((y * y) + (z * z)))), any), Value(6, Degrees(Math.Atan2(y, z)), any),
            Value(7, Rotation(_sums[4] / _samples, _gyroCode), Quality(4)), Value(8, Rotation(_sums[5] / _samples, _gyroCode), Quality(5)),
            Value(9, Rotation(_sums[6] / _samples, _gyroCode), Quality(6)),
            Value(10, Celsius(_sums[3] / _samples, _isSibling)),
        ];
        return Now(ImmutableCollectionsMarshal.AsImmutableArray(values));
    }

    private ReadingQuality Quality(int word) => _saturated[word] ? ReadingQuality.Saturated : ReadingQuality.Good;

    private static double Degrees(double radians) => radians * 180 / Math.PI;
}
