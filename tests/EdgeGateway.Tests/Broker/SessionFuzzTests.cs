using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>
/// Anything a client may send: the connection ends with a reason or goes on; nothing is thrown, no other client is hurt, and where the
/// bytes are cut makes no difference. <c>EDGEGATEWAY_FUZZ_SECONDS</c> says how long.
/// </summary>
[Trait("Category", "Fuzz")]
public sealed class SessionFuzzTests
{
    [Fact]
    public async Task Consume_AnyBytes_EndsTheConnectionOrGoesOn()
    {
        var host = EngineHost.Start();
        var (bystander, _) = await MemoryPeer.OpenAsync(host, "bystander", clean: true, expirySeconds: 0);
        await RunAsync(async random =>
        {
            var peer = random.Next(4) == 0 ? new MemoryPeer(host) : (await MemoryPeer.OpenAsync(host, $"fuzz-{random.Next(3)}", clean: random.Next(2) == 0, expirySeconds: (uint)random.Next(2) * 60)).Peer;
            for (var packets = random.Next(1, 12); packets > 0 && !peer.IsClosed; packets--)
                peer.Send(Mutated(random));
            host.Commit();
            peer.Take();
            peer.Drop();
            bystander.Send([0xC0, 0]);
            Assert.Equal([0xD0, 0], bystander.Take().Last(static packet => packet[0] == 0xD0));
        });
    }

    [Fact]
    public async Task Consume_CutAnywhere_AnswersTheSame()
    {
        await RunAsync(async random =>
        {
            var stream = new List<byte>();
            for (var packets = random.Next(1, 10); packets > 0; packets--)
                stream.AddRange(random.Next(5) == 0 ? Mutated(random) : Valid(random));
            Assert.Equal(await AnswersAsync([.. stream], static _ => int.MaxValue), await AnswersAsync([.. stream], left => Math.Min(left, random.Next(1, 20))));
        });
    }

    private static async Task<List<byte[]>> AnswersAsync(byte[] stream, Func<int, int> chunk)
    {
        var host = EngineHost.Start();
        var (peer, _) = await MemoryPeer.OpenAsync(host, "client", clean: true, expirySeconds: 0);
        var held = Array.Empty<byte>();
        for (var at = 0; at < stream.Length && !peer.IsClosed;)
        {
            var count = Math.Min(chunk(stream.Length - at), stream.Length - at);
            held = [.. held, .. stream.AsSpan(at, count)];
            at += count;
            held = held[peer.Feed(held)..];
        }
        host.Commit();
        return peer.Take();
    }

    private static byte[] Mutated(Random random)
    {
        var packet = Valid(random);
        switch (random.Next(5))
        {
            case 0:
                random.NextBytes(packet);
                break;
            case 1:
                packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                packet = packet[..random.Next(1, packet.Length + 1)];
                break;
            case 3 when packet.Length > 2:
                packet[random.Next(1, packet.Length)] = (byte)random.Next(256);
                break;
            default:
                packet = [.. packet, (byte)random.Next(256)];
                break;
        }
        return packet;
    }

    private static byte[] Valid(Random random)
    {
        var id = (ushort)random.Next(1, 6);
        string[] topics = ["a", "a/b", "$aws/things/x/shadow/get", "a/+/b", "#", "$share/g/a", "$SYS/x", "", "/", "a//b"];
        var topic = topics[random.Next(topics.Length)];
        return random.Next(10) switch
        {
            0 => MemoryPeer.Publish(topic, "x", 0),
            1 => MemoryPeer.Publish(topic, "x", 1, id),
            2 => MemoryPeer.Publish(topic, "x", 2, id, retain: random.Next(2) == 0),
            3 => MemoryPeer.Subscribe(topic, random.Next(3)),
            4 => MemoryPeer.Packet(0xA2, [0, (byte)id, 0, .. MemoryPeer.Text(topic)]),
            5 => MemoryPeer.Ack((byte)(0x40 + (random.Next(2) * 0x10)), id),
            6 => MemoryPeer.Ack(0x62, id),
            7 => MemoryPeer.Ack(0x70, id),
            8 => [0xC0, 0],
            _ => MemoryPeer.Packet(0xF0, [0x19, 0]),
        };
    }

    private static async Task RunAsync(Func<Random, Task> once)
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        var began = Stopwatch.GetTimestamp();
        for (var seed = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; seed++)
        {
            try
            {
                await once(new(seed));
            }
            catch (Exception ex)
            {
                throw new InvalidOperationException($"seed {seed}: {ex.Message}", ex);
            }
        }
    }
}
