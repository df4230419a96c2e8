using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Uart;

/// <summary>Any bytes at all: the searches for frames stay within them, throw nothing, and find what is there however it is cut.</summary>
public sealed class FrameFuzzTests
{
    private static readonly (string Name, FrameReader.Search Search, byte[] Frame)[] Formats =
    [
        ("MH-Z19", MhZ19Frame.Find, Convert.FromHexString("FF86026047000000D1")),
        ("PMS5003", Pms5003Frame.Find, new SimulatedPms5003(new SimulatedUart()).Frame()),
        ("NMEA", NmeaSentence.Find, SimulatedGps.Sentence("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,")[..^2]),
        ("Modbus", bytes => ModbusFrame.FindReply(bytes, 1, 4, 4), Convert.FromHexString("010404436633341B38")),
    ];

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, Formats.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    [Trait("Category", "Fuzz")]
    public void Search_AnyBytes_StaysWithinThem(int format)
    {
        var (name, search, frame) = Formats[format];
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, frame.Length]).Sample(
            (garbage, part) =>
            {
                foreach (var bytes in new[] { garbage, [.. garbage, .. frame[..part]], [.. frame[..part], .. garbage] })
                {
                    var found = search(bytes);
                    Assert.True(found.Skip >= 0 && found.Length >= 0 && found.Skip + found.Length <= bytes.Length, name);
                }
            },
            time: Seconds);
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    [Trait("Category", "Fuzz")]
    public void Search_FrameBehindGarbage_IsFoundWholeOnceItHasCome(int format)
    {
        var (name, search, frame) = Formats[format];
        Gen.Select(Gen.Byte[1, 0xFE].Array[0, 60], Gen.Int[1, 9]).Sample(
            (noise, piece) =>
            {
                // Without the byte a frame starts with: behind half a frame the next may have to be waited for.
                byte[] garbage = [.. noise.Where(value => value != frame[0])];
                byte[] all = [.. garbage, .. frame];
                var held = new List<byte>();
                for (var at = 0; at < all.Length; at += piece)
                {
                    held.AddRange(all.Skip(at).Take(piece));
                    var found = search(held.ToArray());
                    if (found.Length > 0)
                    {
                        Assert.Equal(frame, held.GetRange(found.Skip, found.Length));
                        return;
                    }

                    held.RemoveRange(0, found.Skip);
                }

                Assert.Fail($"{name}: no frame in {Convert.ToHexString(all)}, {piece} bytes at a time");
            },
            time: Seconds);
    }

    private static int Seconds => int.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS"), out var seconds) ? seconds : 1;
}
