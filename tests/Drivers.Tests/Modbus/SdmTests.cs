using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Modbus;

public sealed class SdmTests
{
    private const string Port = "ttyUSB0";

    [Theory]
    [InlineData("sdm120")]
    [InlineData("sdm230")]
    public async Task ReadAsync_OnePhase_GivesEveryValue(string driver)
    {
        using var meters = new Meters(1);
        await using var sensor = meters.Bench.Sensor(driver);
        var reading = await meters.Bench.ReadAsync(sensor);
        Assert.Equal(230.2, reading["voltage"], 0.001); // the reply 01 04 04 43 66 33 34 of the protocol's example
        Assert.Equal(1.5, reading["current"], 0.001);
        Assert.Equal(-345.25, reading["power"], 0.001);
        Assert.Equal(50.02, reading["frequency"], 0.001);
        Assert.Equal(1_234_500, reading["energy"], 0.5);
        Assert.Equal(ReadingQuality.Good, reading.Quality);
        Assert.Equal(13, reading.Values.Length);
    }

    [Fact]
    public async Task ReadAsync_ThreePhases_AsksForNoMoreThanFortyRegistersAtOnce()
    {
        using var meters = new Meters(1);
        for (var register = 0; register < 0x40; register += 2)
            meters.Line.Set(1, (ushort)register, 100 + register);
        meters.Line.Set(1, 0x003E, 0.95);
        await using var sensor = meters.Bench.Sensor("sdm630");
        var reading = await meters.Bench.ReadAsync(sensor); // the fake refuses more
        Assert.Equal(104, reading["voltage3"]);
        Assert.Equal(116, reading["power3"]);
        Assert.Equal(100 + 0x34, reading["power"]);
        Assert.Equal(0.95, reading["powerFactor"], 0.001);
        Assert.All(Sdm.Requests(SdmRegisters.ThreePhases), request => Assert.InRange(request.Count, 2, 40));
    }

    [Fact]
    public async Task ReadAsync_NoiseEchoAndPieces_ReadsOn()
    {
        using var meters = new Meters(1);
        (meters.Line.HasEcho, meters.Line.Noise, meters.Uart.LargestPiece) = (true, [0x00, 0xFF, 0x01, 0x04], 3);
        await using var sensor = meters.Bench.Sensor("sdm120");
        for (var i = 0; i < 10; i++)
            Assert.Equal(230.2, (await meters.Bench.ReadAsync(sensor))["voltage"], 0.001);
    }

    [Fact]
    public async Task ReadAsync_AFewBadReplies_AreAskedForAgain()
    {
        using var meters = new Meters(1);
        await using var sensor = meters.Bench.Sensor("sdm120");
        meters.Line.SpoilChecksum(2);
        Assert.Equal(230.2, (await meters.Bench.ReadAsync(sensor))["voltage"], 0.001);
        meters.Line.Truncate(2);
        Assert.Equal(230.2, (await meters.Bench.ReadAsync(sensor))["voltage"], 0.001);
        meters.Line.Refuse(ModbusFrame.Busy, 2);
        Assert.Equal(230.2, (await meters.Bench.ReadAsync(sensor))["voltage"], 0.001);
    }

    [Fact]
    public async Task ReadAsync_BadRepliesOnly_AreToldApart()
    {
        using var meters = new Meters(1);
        await using var sensor = meters.Bench.Sensor("sdm120");
        meters.Line.SpoilChecksum(99);
        Expect(await meters.Bench.FailAsync(sensor), DriverFault.Checksum, "checksum");
        meters.Line.SpoilChecksum(0);
        meters.Line.Truncate(99);
        Expect(await meters.Bench.FailAsync(sensor), DriverFault.Garbage, "no frame");
        meters.Line.Truncate(0);
        meters.Line.Refuse(2, 99);
        Expect(await meters.Bench.FailAsync(sensor), DriverFault.ChipFault, "exception 2 (illegal data address)");
        meters.Line.Refuse(0, 0);
        Assert.Equal(230.2, (await meters.Bench.ReadAsync(sensor))["voltage"], 0.001);
        meters.Uart.HangUp();
        Expect(await meters.Bench.FailAsync(sensor), DriverFault.Absent, "");
        meters.Uart.PlugIn();
        meters.Bench.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(230.2, (await meters.Bench.ReadAsync(sensor))["voltage"], 0.001);
    }

    [Fact]
    public async Task ReadAsync_DeadSlave_DoesNotStallTheOthers()
    {
        using var meters = new Meters(1, 2, 3);
        await using var dead = meters.Bench.Sensor("sdm120", ("address", 1));
        await using var second = meters.Bench.Sensor("sdm120", ("address", 2));
        await using var third = meters.Bench.Sensor("sdm120", ("address", 3));
        meters.Line.Silence(1);
        Expect(await meters.Bench.FailAsync(dead), DriverFault.Absent, "not one byte");
        Assert.Equal(2, meters.Line.Requests[1]);
        for (var second1 = 0; second1 < 9; second1++)
        {
            await meters.Bench.FailAsync(dead); // left alone for ten seconds: it costs the line nothing
            var before = meters.Bench.Time.GetTimestamp();
            await meters.Bench.ReadAsync(second);
            await meters.Bench.ReadAsync(third);
            Assert.InRange(meters.Bench.Time.GetElapsedTime(before).TotalMilliseconds, 0, 400);
            meters.Bench.Time.Advance(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(2, meters.Line.Requests[1]);
        meters.Line.Speak(1);
        meters.Bench.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(230.2, (await meters.Bench.ReadAsync(dead))["voltage"], 0.001);
    }

    [Fact]
    public async Task ReadAsync_TotalFallsOnce_IsAFailureTwiceANewMeter()
    {
        using var meters = new Meters(1);
        await using var sensor = meters.Bench.Sensor("sdm120");
        await meters.Bench.ReadAsync(sensor);
        meters.Line.Set(1, 0x0156, 3.5);
        Expect(await meters.Bench.FailAsync(sensor), DriverFault.Implausible, "3500 Wh after 1234500 Wh");
        Assert.Equal(3500, (await meters.Bench.ReadAsync(sensor))["energy"]);
    }

    [Fact]
    public async Task ReadAsync_NotANumber_IsAFailure()
    {
        using var meters = new Meters(1);
        meters.Line.Set(1, 0x0000, double.NaN);
        await using var sensor = meters.Bench.Sensor("sdm120");
        Expect(await meters.Bench.FailAsync(sensor), DriverFault.Implausible, "voltage");
    }

    [Fact]
    public async Task Open_SameAddressOrOtherBaudRate_IsRefused()
    {
        using var meters = new Meters(1, 2);
        await using var first = meters.Bench.Sensor("sdm120");
        await meters.Bench.ReadAsync(first);
        await using var same = meters.Bench.Sensor("sdm230");
        Expect(await meters.Bench.FailAsync(same), DriverFault.Taken, "slave address");
        await using var faster = meters.Bench.Sensor("sdm630", ("address", 2));
        Expect(await meters.Bench.FailAsync(faster), DriverFault.Option, "2400 baud 8N1, not 9600 baud 8N1");
    }

    private static void Expect(SensorReadException failure, DriverFault fault, string came)
    {
        Assert.Equal(fault, failure.Fault);
        Assert.Contains(came, failure.Came, StringComparison.Ordinal);
        Assert.Contains($" on {Port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("slave ", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Meters : IDisposable
    {
        public Meters(params byte[] slaves)
        {
            Bench.Header.AddUart(Port, Uart);
            Line = new SimulatedModbusLine(Uart);
            foreach (var slave in slaves)
            {
                Line.AddSlave(slave);
                foreach (var (register, value) in new (ushort, double)[]
                {
                    (0x0000, 230.2), (0x0006, 1.5), (0x000C, -345.25), (0x0012, 350), (0x0018, 12), (0x001E, -0.98),
                    (0x0046, 50.02), (0x0048, 1000.5), (0x004A, 234), (0x004C, 1), (0x004E, 2), (0x0156, 1234.5), (0x0158, 3),
                })
                    Line.Set(slave, register, value);
            }
        }

        public Bench Bench { get; } = new();

        public SimulatedUart Uart { get; } = new();

        public SimulatedModbusLine Line { get; }

        public void Dispose()
        {
            Bench.Dispose();
            Uart.Dispose();
        }
    }
}
