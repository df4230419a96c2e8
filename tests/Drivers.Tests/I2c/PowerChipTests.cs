using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>INA219, INA226, INA260: their numbers and their traps.</summary>
public sealed class PowerChipTests
{
    [Fact] // SBOS448G Table 8: shunt 0x07D0 is 20 mV, bus 0x5D98 is 11.98 V; with 2 mΩ 10 A and 119.8 W
    public async Task Ina219_DatasheetExample_GivesItsValues()
    {
        Assert.Equal(0.020, Ina219.ShuntVolts(0x07D0), 1e-9);
        Assert.Equal(11.98, Ina219.BusVolts(0x5D98), 1e-9);
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x40, new SimulatedIna219(bench.Time, 0.002)).SetLoad(11.98, 10);
        await using var sensor = bench.Sensor("ina219", ("shunt", 0.002));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(11.98, reading["voltage"], 1e-9);
        Assert.Equal(10.0, reading["current"], 1e-9);
        Assert.Equal(119.8, reading["power"], 1e-9);
    }

    [Theory] // the trap of a signed bus register: wrong above 16.38 V
    [InlineData(16.4)]
    [InlineData(24.0)]
    [InlineData(26.0)]
    public async Task Ina219_Above16Volts_StaysPositive(double volts)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x40, new SimulatedIna219(bench.Time)).SetLoad(volts, 0.1);
        await using var sensor = bench.Sensor("ina219");
        Assert.Equal(volts, (await bench.ReadAsync(sensor))["voltage"], 0.004);
    }

    [Fact]
    public void Ina219_AnyBusRegister_RisesAndIsNeverNegative() =>
        Gen.Int[0, 65527].Sample(raw => Ina219.BusVolts((ushort)raw) is >= 0 and <= 32.8 && Ina219.BusVolts((ushort)(raw + 8)) > Ina219.BusVolts((ushort)raw));

    [Fact] // the trap of a lost calibration: the chip's own current reads 0 A
    public async Task Ina219_SupplyDropped_StillReadsTheCurrent()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x40, new SimulatedIna219(bench.Time));
        chip.SetLoad(5, 1.5);
        await using var sensor = bench.Sensor("ina219");
        await bench.ReadAsync(sensor);
        chip.PowerCycle();
        Assert.Equal(1.5, (await bench.ReadAsync(sensor))["current"], 1e-3);
    }

    [Fact]
    public async Task Ina219_BeyondTheShuntsRange_IsSaturated()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x40, new SimulatedIna219(bench.Time)).SetLoad(12, -4);
        await using var sensor = bench.Sensor("ina219");
        Assert.Equal(ReadingQuality.Saturated, (await bench.ReadAsync(sensor)).Quality);
    }

    [Fact]
    public async Task Ina260_KnownRegisters_GiveTheirValuesWithDirection()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x41, new SimulatedIna226(bench.Time, isIna260: true)).SetLoad(12, -0.1); // current 0xFFB0, bus 0x2580, power 0x0078
        await using var sensor = bench.Sensor("ina260", ("address", "0x41"));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(-0.1, reading["current"], 1e-9);
        Assert.Equal(12.0, reading["voltage"], 1e-9);
        Assert.Equal(-1.2, reading["power"], 1e-9);
    }

    [Fact]
    public async Task Ina226_Load_GivesItBack()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x40, new SimulatedIna226(bench.Time, shuntOhm: 0.01)).SetLoad(24, 3.25);
        await using var sensor = bench.Sensor("ina226", ("shunt", 0.01));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(3.25, reading["current"], 1e-3);
        Assert.Equal(78.0, reading["power"], 0.05);
    }

    [Fact]
    public async Task Ina226_AnIna260AtItsAddress_IsNamed()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x40, new SimulatedIna226(bench.Time, isIna260: true));
        await using var sensor = bench.Sensor("ina226");
        Assert.Equal(DriverFault.WrongChip, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public async Task ReadAsync_BusFaults_AreNamedAndRecoveredFrom()
    {
        await I2cFaultCases.AssertAsync("ina219", time => new SimulatedIna219(time));
        await I2cFaultCases.AssertAsync("ina226", time => new SimulatedIna226(time));
        await I2cFaultCases.AssertAsync("ina260", time => new SimulatedIna226(time, isIna260: true));
    }
}
