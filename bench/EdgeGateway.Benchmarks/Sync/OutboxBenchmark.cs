using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EdgeGateway.Benchmarks.Broker;
using EdgeGateway.IntegrationTests.Sync;
using EdgeGateway.Messaging;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeGateway.Benchmarks.Sync;

/// <summary>
/// The outbox of an upstream: durable messages a second and bytes on disk for each byte stored, a million messages opened, the drain to a
/// mosquitto on this machine, and how late a live message of class high is with and without a drain, in the same run.
/// </summary>
internal static class OutboxBenchmark
{
    private const int PayloadBytes = 200, Group = 512, Appended = 200_000, Million = 1_000_000, Drained = 200_000, LivePerSecond = 100;
    private static readonly TimeSpan LiveFor = TimeSpan.FromSeconds(8);
    private static readonly byte[] Payload = new byte[PayloadBytes];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        Console.WriteLine($"machine: {Environment.ProcessorCount} processors, load {Load()}");
        await AppendAsync(Path.Combine(folder, "append"));
        await OpenMillionAsync(Path.Combine(folder, "million"));
        await using (var mosquitto = await MosquittoUnderTest.StartAsync())
        {
            await DrainAsync(Path.Combine(folder, "drain"), mosquitto.Port);
            await LiveAsync(Path.Combine(folder, "live"), mosquitto.Port);
        }
        Console.WriteLine($"load at the end: {Load()}");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task AppendAsync(string folder)
    {
        await using var gateway = Nowhere(folder);
        var written = WrittenBytes();
        var start = Stopwatch.GetTimestamp();
        for (var stored = 0; stored < Appended; stored += Group)
        {
            var last = DurabilityTicket.None;
            for (var i = 0; i < Group; i++)
                last = gateway.Publish(0, "load/1"u8, Payload);
            SpinWait.SpinUntil(() => last.IsKept);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var records = gateway.Status.BacklogBytes;
        Say($"append, durable, groups of {Group}: {Appended / seconds:0} messages/s of {PayloadBytes} B; {(WrittenBytes() - written) / (double)records:0.00} bytes written per record byte ({records / Appended} B a record)");
    }

    private static async Task OpenMillionAsync(string folder)
    {
        await using (var gateway = Nowhere(folder))
            for (var i = 0; i < Million; i++)
                gateway.Publish(0, "load/1"u8, Payload);
        var before = Resident();
        var start = Stopwatch.GetTimestamp();
        await using var again = Nowhere(folder);
        var opened = Stopwatch.GetElapsedTime(start);
        Say($"{again.Status.BacklogMessages} messages opened in {opened.TotalMilliseconds:0} ms, resident +{(Resident() - before) / 1e6:0.0} MB");
    }

    private static async Task DrainAsync(string folder, int port)
    {
        await using (var away = Nowhere(folder))
            for (var i = 0; i < Drained; i++)
                away.Publish(0, "load/1"u8, Payload);
        var start = Stopwatch.GetTimestamp();
        await using var gateway = new SimulatedGateway(1, folder, [port], "limits.bytes=2GB", "up.0.prefix=bench/");
        while (gateway.Status.BacklogMessages > 0)
            await Task.Delay(10);
        Say($"drained {Drained} messages to mosquitto: {Drained / Stopwatch.GetElapsedTime(start).TotalSeconds:0}/s");
    }

    private static async Task LiveAsync(string folder, int port)
    {
        using var reader = new MqttClientFactory().CreateMqttClient();
        var delays = new ConcurrentBag<double>();
        reader.ApplicationMessageReceivedAsync += received =>
        {
            delays.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(System.Buffers.BuffersExtensions.ToArray(received.ApplicationMessage.Payload))).TotalMilliseconds);
            return Task.CompletedTask;
        };
        await reader.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build());
        await reader.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic("bench/live/#").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());
        string[] settings = ["limits.bytes=2GB", "up.0.prefix=bench/", "up.1.filter=live/#", "up.1.prefix=bench/", "up.1.class=high"];

        await using (var calm = new SimulatedGateway(2, folder, [port], settings))
            await PublishLiveAsync(calm);
        var without = Percentiles(delays);
        delays.Clear();
        await using (var away = new SimulatedGateway(2, folder, [9], settings))
            for (var i = 0; i < Million; i++)
                away.Publish(0, "load/1"u8, Payload);
        await using (var draining = new SimulatedGateway(2, folder, [port], settings))
        {
            await PublishLiveAsync(draining);
            Say($"left of the backlog afterwards: {draining.Status.BacklogMessages}");
        }
        var with = Percentiles(delays);
        Say($"live messages of class high, store to reader: p50 {without.P50:0.0} ms, p99 {without.P99:0.0} ms; while draining p50 {with.P50:0.0} ms, p99 {with.P99:0.0} ms; ratio of p99 {with.P99 / without.P99:0.00}");
    }

    private static async Task PublishLiveAsync(SimulatedGateway gateway)
    {
        while (gateway.Status.ConnectedSince is null)
            await Task.Delay(10);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / LivePerSecond));
        var stamp = new byte[PayloadBytes];
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < LiveFor && await timer.WaitForNextTickAsync();)
        {
            BinaryPrimitives.WriteInt64LittleEndian(stamp, Stopwatch.GetTimestamp());
            gateway.Publish(1, "live/1"u8, stamp);
        }
        await Task.Delay(500);
    }

    // An upstream that is never there.
    private static SimulatedGateway Nowhere(string folder) => new(1, folder, [9], "limits.bytes=2GB");

    private static (double P50, double P99) Percentiles(ConcurrentBag<double> delays)
    {
        var sorted = delays.Order().ToList();
        return sorted.Count == 0 ? (double.NaN, double.NaN) : (sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)]);
    }

    private static long WrittenBytes() => long.Parse(File.ReadLines("/proc/self/io").First(static line => line.StartsWith("write_bytes:", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

    private static long Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
