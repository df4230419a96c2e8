using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>MPU6050 and VL53L0X: their numbers and their traps.</summary>
public sealed class MotionChipTests
{
    private const double G = 9.80665;

    [Theory]
    [InlineData(0x4000, 0, 1.0)]
    [InlineData(0x2000, 1, 1.0)]
    [InlineData(0x0800, 3, 1.0)]
    [InlineData(-32768, 0, -2.0)]
    public void Mpu6050_KnownAcceleration_IsInMetresPerSecondSquared(int raw, int code, double g) => Assert.Equal(g * G, Mpu6050.Acceleration(raw, code), 1e-9);

    [Theory]
    [InlineData(131, 0, 1.0)]
    [InlineData(131, 1, 2.0)]
    [InlineData(-164, 3, -10.0)]
    public void Mpu6050_KnownRotation_IsInDegreesPerSecond(int raw, int code, double expected) => Assert.Equal(expected, Mpu6050.Rotation(raw, code), 0.01);

    [Fact]
    public void Mpu6050_KnownTemperature_DependsOnTheSibling()
    {
        Assert.Equal(30.65, Mpu6050.Celsius(-2000, isSibling: false), 0.005);
        Assert.Equal(23.995, Mpu6050.Celsius(1000, isSibling: true), 0.001);
    }

    [Fact]
    public void Mpu6050_AnyRawValue_RisesWithIt() => Gen.Select(Gen.Int[-32768, 32766], Gen.Int[0, 3]).Sample((raw, code) =>
        Mpu6050.Acceleration(raw, code) < Mpu6050.Acceleration(raw + 1, code) && Mpu6050.Rotation(raw, code) < Mpu6050.Rotation(raw + 1, code)
        && Mpu6050.Celsius(raw, false) < Mpu6050.Celsius(raw + 1, false));

    [Fact]
    public async Task Mpu6050_AtRest_ReadsGravityAndNoVibration()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x68, new SimulatedMpu6050(bench.Time));
        await using var sensor = bench.Sensor("mpu6050");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(G, reading["accelerationZ"], 1e-9);
        Assert.Equal(0, reading["vibration"], 1e-6);
        Assert.Equal(0, reading["pitch"], 1e-9);
        Assert.Equal(0, reading["roll"], 1e-9);
        Assert.Equal(30.65, reading["temperature"], 0.005);
        Assert.Equal(11, reading.Values.Length);
    }

    [Theory]
    [InlineData(8192, 0, 14189, -30.0, 0.0)] // 16384 times the sine and the cosine of 30°
    [InlineData(0, 8192, 14189, 0.0, 30.0)]
    [InlineData(0, 0, -16384, 0.0, 180.0)]
    public async Task Mpu6050_Tilted_ReadsItsAngles(short x, short y, short z, double pitch, double roll)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x69, new SimulatedMpu6050(bench.Time)).SetRaw(x, y, z, 0, 131, -131, 262);
        await using var sensor = bench.Sensor("mpu6050", ("address", "0x69"));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(pitch, reading["pitch"], 0.01);
        Assert.Equal(roll, reading["roll"], 0.01);
        Assert.Equal([1.0, -1.0, 2.0], [Math.Round(reading["rotationX"], 2), Math.Round(reading["rotationY"], 2), Math.Round(reading["rotationZ"], 2)]);
    }

    [Fact]
    public async Task Mpu6050_Shaken_ReadsItsVibrationAndPeak()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x68, new SimulatedMpu6050(bench.Time));
        chip.Shake(time => 1638.4 * Math.Sin(time.TotalSeconds * 2 * Math.PI * 5)); // a tenth of gravity at 5 Hz
        await using var sensor = bench.Sensor("mpu6050", ("samples", 100));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(0.1 * G / Math.Sqrt(2), reading["vibration"], 0.05);
        Assert.Equal(1.1 * G, reading["peak"], 0.05);
    }

    [Fact]
    public async Task Mpu6050_AtTheEndOfItsRange_IsSaturatedThere()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x68, new SimulatedMpu6050(bench.Time)).SetRaw(32767, 0, 16384, 0, 0, 0, -32768);
        await using var sensor = bench.Sensor("mpu6050");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(["accelerationX", "vibration", "peak", "pitch", "roll", "rotationZ"],
            reading.Values.Where(value => value.Quality == ReadingQuality.Saturated).Select(value => value.Name));
    }

    [Fact]
    public async Task Mpu6050_AClockAtItsAddress_IsNamed()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x68, new SimulatedDs3231(bench.Time));
        await using var sensor = bench.Sensor("mpu6050");
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.WrongChip, failure.Fault);
        Assert.Contains("DS3231", failure.Check, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.5)]
    [InlineData(1.9)]
    public async Task Vl53l0x_Target_GivesItsDistance(double metres)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x29, new SimulatedVl53l0x(bench.Time)).SetDistance(metres);
        await using var sensor = bench.Sensor("vl53l0x");
        Assert.Equal(metres, (await bench.ReadAsync(sensor))["distance"], 1e-9);
        Assert.Equal(metres, (await bench.ReadAsync(sensor))["distance"], 1e-9);
    }

    [Fact]
    public async Task Vl53l0x_Offset_IsAdded()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x29, new SimulatedVl53l0x(bench.Time));
        await using var sensor = bench.Sensor("vl53l0x", ("offset", "-0.012"));
        Assert.Equal(0.488, (await bench.ReadAsync(sensor))["distance"], 1e-9);
    }

    [Fact]
    public async Task Vl53l0x_NoTarget_IsSaturatedAtTheEndOfItsRange()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x29, new SimulatedVl53l0x(bench.Time)).SetDistance(10, rangeStatus: 4);
        await using var sensor = bench.Sensor("vl53l0x");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal((2.0, ReadingQuality.Saturated), (reading["distance"], reading.Quality));
    }

    [Theory]
    [InlineData(1, DriverFault.ChipFault)]
    [InlineData(7, DriverFault.Implausible)]
    public async Task Vl53l0x_BadRangeStatus_IsAFailureWithTheStatus(int status, DriverFault fault)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x29, new SimulatedVl53l0x(bench.Time)).SetDistance(0.7, status);
        await using var sensor = bench.Sensor("vl53l0x");
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(fault, failure.Fault);
        Assert.Contains($"range status {status}", failure.Came, StringComparison.Ordinal);
    }

    [Fact] // untuned it would go on ranging, wrongly: the fake gives 20 mm
    public async Task Vl53l0x_SupplyDropped_IsTunedAgainAndNotReadUntuned()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x29, new SimulatedVl53l0x(bench.Time));
        await using var sensor = bench.Sensor("vl53l0x");
        await bench.ReadAsync(sensor);
        chip.PowerCycle();
        Assert.Equal(DriverFault.Garbage, (await bench.FailAsync(sensor)).Fault);
        Assert.Equal(0.5, (await bench.ReadAsync(sensor))["distance"], 1e-9);
    }

    [Fact]
    public void Vl53l0x_SpadMap_KeepsTheFirstUsableOnesOfTheirKind()
    {
        byte[] map = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        Vl53l0xSpads.Parse(0x80 | 5).Select(map);
        Assert.Equal("00F001000000", Convert.ToHexString(map));
        map = [0b1010_1010, 0xFF, 0, 0, 0, 0];
        Vl53l0xSpads.Parse(3).Select(map);
        Assert.Equal("2A0000000000", Convert.ToHexString(map));
    }
}
