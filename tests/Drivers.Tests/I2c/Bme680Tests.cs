using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Bme680Tests
{
    private static readonly Bme680Calibration Example = new()
    {
        T1 = 26203, T2 = 26353, T3 = 3, P1 = 36094, P2 = -10337, P3 = 88, P4 = 6902, P5 = -98, P6 = 30, P7 = 32, P8 = -2386, P9 = -2602, P10 = 30,
        H1 = 781, H2 = 1010, H3 = 0, H4 = 45, H5 = 20, H6 = 120, H7 = -100,
    };

    private static readonly Bme680Gas Plate = new(Gh1: -30, Gh2: -5969, Gh3: 18, HeatRange: 1, HeatValue: 50, SwitchingError: 0);

    [Fact]
    public void Calibration_KnownWords_GiveTheirValues()
    {
        var fine = Example.FineTemperature(494_000);
        Assert.Equal(120251.175, fine, 0.001);
        Assert.Equal(23.487, fine / 5120, 0.0005);
        Assert.Equal(101503.16, Example.Pressure(350_000, fine), 0.05);
        Assert.Equal(37.07, Example.Humidity(20_000, fine), 0.005);
    }

    [Theory] // the trap of a range switching error taken as unsigned: -3 would be 13
    [InlineData(0x00, 29353.6)]
    [InlineData(0xD0, 29333.1)]
    public void Gas_SwitchingErrorField_IsSigned(byte register, double expected)
    {
        var second = new byte[Bme680Registers.SecondCalibrationLength];
        Assert.Equal(expected, Bme680Gas.Parse(second, 0, 0, register).Ohm680(600, 8), 0.1);
    }

    [Fact]
    public void Gas_Bme688_HasItsOwnScale() => Assert.Equal(234862.4, Bme680Gas.Ohm688(600, 8), 0.1);

    [Fact]
    public void Gas_Heater_WordsAreTheDatasheets()
    {
        Assert.Equal(116, Plate.ResHeat(320, 25));
        Assert.Equal(0x59, Bme680Gas.GasWait(100));
        Assert.Equal(0x3F, Bme680Gas.GasWait(63));
        Assert.Equal(0xFF, Bme680Gas.GasWait(4032));
    }

    [Fact]
    public void Calibration_AnyRawTemperature_RisesWithIt() =>
        Gen.Int[0, 0xFFFFE].Sample(raw => Example.FineTemperature(raw) < Example.FineTemperature(raw + 1));

    [Fact]
    public void Calibration_AnyRawValues_GiveFiniteNumbers() =>
        Gen.Select(Gen.Int[0, 0xFFFFF], Gen.Int[0, 0xFFFFF], Gen.Int[0, 0xFFFF]).Sample((t, p, h) =>
        {
            var fine = Example.FineTemperature(t);
            return double.IsFinite(fine) && double.IsFinite(Example.Pressure(p, fine)) && Example.Humidity(h, fine) is >= 0 and <= 100;
        });

    [Fact]
    public void Gas_AnyWord_IsAPositiveResistanceThatFallsWithTheCount() =>
        Gen.Select(Gen.Int[0, 1022], Gen.Int[0, 15], Gen.Int[-8, 7]).Sample((adc, range, error) =>
        {
            var plate = Plate with { SwitchingError = error };
            return plate.Ohm680(adc, range) > plate.Ohm680(adc + 1, range) && plate.Ohm680(adc + 1, range) > 0
                && Bme680Gas.Ohm688(adc, range) > Bme680Gas.Ohm688(adc + 1, range) && Bme680Gas.Ohm688(adc + 1, range) > 0;
        });

    [Theory]
    [InlineData(false, 29353.6)]
    [InlineData(true, 234862.4)]
    public async Task ReadAsync_KnownRawValues_GivesTheirReading(bool isBme688, double ohm)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme680(bench.Time, isBme688));
        await using var sensor = bench.Sensor("bme680");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(23.487, reading["temperature"], 0.001);
        Assert.Equal(101503.16, reading["pressure"], 0.05);
        Assert.Equal(37.07, reading["humidity"], 0.005);
        Assert.Equal(ohm, reading["gasResistance"], 0.1);
        Assert.Equal(ReadingQuality.Warming, reading.Find("gasResistance")!.Value.Quality);
        Assert.Equal(ReadingQuality.Good, reading.Find("temperature")!.Value.Quality);

        bench.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(ReadingQuality.Good, (await bench.ReadAsync(sensor)).Quality);
    }

    [Fact]
    public async Task ReadAsync_PlateNotAtItsTemperature_LeavesTheGasOut()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme680(bench.Time));
        chip.FailHeater(true);
        await using var sensor = bench.Sensor("bme680");
        Assert.Equal(["temperature", "pressure", "humidity"], (await bench.ReadAsync(sensor)).Values.Select(value => value.Name));
        chip.FailHeater(false);
        Assert.NotNull((await bench.ReadAsync(sensor)).Find("gasResistance"));
    }

    [Fact]
    public async Task ReadAsync_WithoutGas_LeavesThePlateCold()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x77, new SimulatedBme680(bench.Time));
        await using var sensor = bench.Sensor("bme680", ("address", "0x77"), ("gas", "false"));
        Assert.Equal(3, (await bench.ReadAsync(sensor)).Values.Length);
        Assert.Equal(Bme680Registers.HeatOff, chip.Peek(Bme680Registers.CtrlGas0));
        Assert.Equal(0, chip.Peek(Bme680Registers.ResHeat0));
    }

    [Theory]
    [InlineData(1, "10ms")]
    [InlineData(16, "1s")]
    public async Task ReadAsync_AnyOversamplingAndHeating_WaitsLongEnough(int oversampling, string heaterTime)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme680(bench.Time));
        await using var sensor = bench.Sensor("bme680", ("oversampling", oversampling), ("heaterTime", heaterTime));
        await bench.ReadAsync(sensor);
    }

    [Fact]
    public async Task ReadAsync_SupplyDroppedBetweenReadings_FailsOnceAndIsConfiguredAnew()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme680(bench.Time));
        await using var sensor = bench.Sensor("bme680");
        await bench.ReadAsync(sensor);
        chip.PowerCycle();
        Assert.Contains("reset value", (await bench.FailAsync(sensor)).Came, StringComparison.Ordinal);
        Assert.Equal(4, (await bench.ReadAsync(sensor)).Values.Length);
    }
}
