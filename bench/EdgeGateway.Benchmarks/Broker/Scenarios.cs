using System.Buffers.Binary;
using System.Diagnostics;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>The shapes of traffic that are compared; payload 100 bytes.</summary>
internal static class Scenarios
{
    private const int Burst = 20;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);
    private static int s_run;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("fan-in", FanIn),
        new("fan-out", FanOut),
        new("pairs", broker => Pairs(broker, durable: false)),
        new("pairs-durable", broker => Pairs(broker, durable: true)),
        new("wildcards", Wildcards),
        new("retained", Retained),
        new("latency", Latency),
        new("idle", Idle, IsFresh: true),
    ];

    // 50 publishers, one subscriber, QoS 0, at most 200 messages of each under way.
    private static Figures FanIn(BrokerUnderTest broker)
    {
        const int publishers = 50, credit = 200;
        using var load = new Load();
        var subscriber = load.Add(LoadConnection.Open(broker.Port, Id("sub"), clean: true, "bench/fan-in/#"));
        var sources = Enumerable.Range(0, publishers).Select(n => load.Add(LoadConnection.Open(broker.Port, Id($"pub{n}"), clean: true))).ToArray();
        var bursts = Enumerable.Range(0, publishers).Select(static n => Repeat(LoadConnection.Publish($"bench/fan-in/{n:000}/some/telemetry", Payload(n), 0), Burst)).ToArray();
        var underWay = new int[publishers];
        return load.Measure(
            broker,
            Time,
            () =>
            {
                for (var n = 0; n < publishers; n++)
                    for (; underWay[n] <= credit - Burst && sources[n].Send([]); underWay[n] += Burst)
                        sources[n].Send(bursts[n]);
            },
            () => subscriber.Received,
            mark => underWay[mark]--);
    }

    // One publisher, 500 subscribers, QoS 0.
    private static Figures FanOut(BrokerUnderTest broker)
    {
        const int subscribers = 500, credit = 20;
        using var load = new Load();
        for (var n = 0; n < subscribers; n++)
            load.Add(LoadConnection.Open(broker.Port, Id($"sub{n}"), clean: true, "bench/fan-out/news"));
        var source = load.Add(LoadConnection.Open(broker.Port, Id("pub"), clean: true));
        var frames = Repeat(LoadConnection.Publish("bench/fan-out/news", Payload(0), 0), credit / 2);
        long sent = 0, received = 0;
        return load.Measure(
            broker,
            Time,
            () =>
            {
                for (; sent - (received / subscribers) <= credit - (credit / 2); sent += credit / 2)
                    source.Send(frames);
            },
            () => received,
            _ => received++);
    }

    // 50 publishers with a subscriber each, QoS 1, bursts of 20 messages, at most 40 of each unacknowledged.
    private static Figures Pairs(BrokerUnderTest broker, bool durable)
    {
        const int pairs = 50, window = 2 * Burst;
        var run = Id("run");
        using var load = new Load();
        var sources = new LoadConnection[pairs];
        var frames = new byte[pairs][];
        var sent = new long[pairs];
        long received = 0;
        for (var n = 0; n < pairs; n++)
        {
            load.Add(LoadConnection.Open(broker.Port, Id($"sub{n}"), clean: !durable, $"bench/{run}/{n:000}/some/telemetry"));
            sources[n] = load.Add(LoadConnection.Open(broker.Port, Id($"pub{n}"), clean: true));
            frames[n] = Repeat(LoadConnection.Publish($"bench/{run}/{n:000}/some/telemetry", Payload(n), 1), Burst);
        }
        return load.Measure(
            broker,
            Time,
            () =>
            {
                for (var n = 0; n < pairs; n++)
                    for (; sent[n] - sources[n].Acknowledged <= window - Burst; sent[n] += Burst)
                        sources[n].Send(frames[n]);
            },
            () => received,
            _ => received++);
    }

    // 10,000 wildcard filters on 5,000 connections; every topic matches one of them.
    private static Figures Wildcards(BrokerUnderTest broker)
    {
        const int connections = 5000, publishers = 10, credit = 100;
        using var load = new Load();
        for (var n = 0; n < connections; n++)
            load.Add(LoadConnection.Open(broker.Port, Id($"sub{n}"), clean: true, $"bench/w/{n}/+/state", $"bench/w/{n}/log/#"));
        var sources = Enumerable.Range(0, publishers).Select(n => load.Add(LoadConnection.Open(broker.Port, Id($"pub{n}"), clean: true))).ToArray();
        var frames = Enumerable.Range(0, publishers).Select(static p => Enumerable.Range(0, connections * 2 / publishers).Select(n => LoadConnection.Publish(
            n % 2 == 0 ? $"bench/w/{(n / 2 * publishers) + p}/room/state" : $"bench/w/{(n / 2 * publishers) + p}/log/a", Payload(p), 0)).ToArray()).ToArray();
        var (underWay, next, received) = (new int[publishers], new int[publishers], 0L);
        return load.Measure(
            broker,
            Time,
            () =>
            {
                for (var n = 0; n < publishers; n++)
                    for (; underWay[n] < credit; underWay[n]++)
                        sources[n].Send(frames[n][next[n]++ % frames[n].Length]);
            },
            () => received,
            mark =>
            {
                received++;
                underWay[mark]--;
            });
    }

    // From SUBSCRIBE to the last of 10,000 retained messages.
    private static Figures Retained(BrokerUnderTest broker)
    {
        const int messages = 10_000;
        using var load = new Load();
        var source = load.Add(LoadConnection.Open(broker.Port, Id("pub"), clean: true));
        for (var n = 0; n < messages; n++)
        {
            while (!source.Send(LoadConnection.Publish($"bench/retained/{n}/state", Payload(n), 1, (ushort)((n % 60_000) + 1), retain: true)))
                load.Poll(1, null);
            while (source.Acknowledged + 50 < n)
                load.Poll(1, null);
        }
        while (source.Acknowledged < messages)
            load.Poll(1, null);
        var times = new List<double>();
        var processor = broker.Processor;
        for (var round = 0; round < 5; round++)
        {
            var subscriber = load.Add(LoadConnection.Open(broker.Port, Id("sub"), clean: true));
            var began = Stopwatch.GetTimestamp();
            subscriber.Send(LoadConnection.SubscribePacket("bench/retained/#", 0));
            while (subscriber.Received < messages)
                load.Poll(100, null);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }
        var spent = broker.Processor - processor;
        var median = times.Order().ElementAt(times.Count / 2);
        return new(spent.TotalMicroseconds / (messages * times.Count), messages / median * 1e6, median, "p50: all 10,000");
    }

    // One message in flight, QoS 1 to QoS 1.
    private static Figures Latency(BrokerUnderTest broker)
    {
        using var load = new Load();
        load.Add(LoadConnection.Open(broker.Port, Id("sub"), clean: true, "bench/latency"));
        var source = load.Add(LoadConnection.Open(broker.Port, Id("pub"), clean: true));
        var frame = LoadConnection.Publish("bench/latency", Payload(0), 1);
        var times = new List<double>();
        var (received, sent, began) = (0L, 0L, 0L);
        var figures = load.Measure(
            broker,
            Time,
            () =>
            {
                if (sent != received || source.Acknowledged != sent)
                    return;
                sent++;
                began = Stopwatch.GetTimestamp();
                source.Send(frame);
            },
            () => received,
            _ =>
            {
                received++;
                times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            });
        return figures with { MedianMicroseconds = times.Order().ElementAt(times.Count / 2) };
    }

    // 9,500 connections with one subscription each that do nothing.
    private static Figures Idle(BrokerUnderTest broker)
    {
        const int connections = 9500;
        using var load = new Load();
        for (var n = 0; n < 300; n++) // code and pools that come with the first connections
            using (LoadConnection.Open(broker.Port, Id($"warm{n}"), clean: true, $"bench/idle/{n}"))
            {
            }
        var (resident, processor) = (broker.ResidentBytes, broker.Processor);
        for (var n = 0; n < connections; n++)
            load.Add(LoadConnection.Open(broker.Port, Id($"idle{n}"), clean: true, $"bench/idle/{n}"));
        var (full, connected) = (broker.ResidentBytes, broker.Processor);
        using (var pause = new ManualResetEventSlim())
            pause.Wait(3000);
        var idle = broker.Processor - connected;
        return new(
            (full - resident) / 1024.0 / connections, connections / (connected - processor).TotalSeconds, 0,
            $"CPU column: kB a connection; RSS {full >> 20} MB; {(connected - processor).TotalMicroseconds / connections:0} µs CPU a connect+subscribe; {idle.TotalMilliseconds:0} ms CPU in 3 s idle");
    }

    private static string Id(string name) => $"{name}-{Interlocked.Increment(ref s_run)}";

    private static byte[] Payload(int mark)
    {
        var payload = new byte[100];
        payload.AsSpan().Fill((byte)'x');
        BinaryPrimitives.WriteInt32LittleEndian(payload, mark);
        return payload;
    }

    private static byte[] Repeat(byte[] frame, int times) => [.. Enumerable.Repeat(frame, times).SelectMany(static one => one)];
}
