using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGateway.Hosting;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;

namespace EdgeGateway.Benchmarks.Shadows;

/// <summary>
/// Shadows of a whole gateway, asked in process so that no client's cost is in the figures: durable updates a second over 1 000 shadows,
/// the delay at half that load beside that of a plain durable publish, the memory of 10 000 shadows, and the bytes allocated per update.
/// </summary>
internal static class ShadowBenchmark
{
    private const int Things = 1_000;
    private const int Outstanding = 512;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var seconds = arguments is [var text, ..] && double.TryParse(text, CultureInfo.InvariantCulture, out var given) ? TimeSpan.FromSeconds(given) : Span;
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        string[] listeners = [.. new[] { "mqtts", "https", "http" }.Select(static name => $"listeners.{name}.port=-1"), "listeners.mqtt.port=0", "listeners.mqtt.anonymous=true"];
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores, load {Load()}, {seconds.TotalSeconds:0} s each");
        await using (var host = await GatewayHost.StartAsync(new ServeOptions { DataFolder = folder, Settings = listeners }, new Dictionary<string, string>(), null, CancellationToken.None))
        {
            var shadows = host.Services.GetRequiredService<IShadows>();
            await MemoryAsync(shadows);
            var rate = await ThroughputAsync(shadows, seconds);
            await DelaysAsync(host, shadows, rate / 2, seconds);
            await AllocationAsync(shadows);
        }
        Console.WriteLine($"load at the end: {Load()}");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    /// <summary>What 10 000 shadows of 1 KB add to the resident memory and to the heap, with the cache as by default.</summary>
    private static async Task MemoryAsync(IShadows shadows)
    {
        var (heap, resident) = (GC.GetTotalMemory(forceFullCollection: true), Resident());
        var filling = new string('x', 1000);
        await InParallelAsync(10_000, i => UpdateAsync(shadows, ShadowId.Classic($"kb-{i}"), $$$$"""{"state":{"reported":{"a":"{{{{filling}}}}"}}}"""));
        var heapAfter = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"10 000 shadows of 1 KB: heap +{(heapAfter - heap) / 1e6:0.0} MB, resident +{(Resident() - resident) / 1e6:0.0} MB");
    }

    /// <returns>Updates a second.</returns>
    private static async Task<double> ThroughputAsync(IShadows shadows, TimeSpan span)
    {
        var count = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Outstanding).Select(async worker =>
        {
            for (var i = worker; Stopwatch.GetElapsedTime(started) < span; i += Outstanding)
            {
                await UpdateAsync(shadows, Thing(i), Reading(i));
                Interlocked.Increment(ref count);
            }
        }));
        var rate = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"durable updates over {Things} shadows: {rate:0}/s ({Outstanding} outstanding)");
        return rate;
    }

    /// <summary>Both at the same pace, one after the other, so that the ratio is of one machine in one state.</summary>
    private static async Task DelaysAsync(GatewayHost host, IShadows shadows, double rate, TimeSpan span)
    {
        await KeepASessionAsync(host);
        var bus = host.Services.GetRequiredService<IMessageBus>();
        var update = await PacedAsync(rate, span, i => UpdateAsync(shadows, Thing(i), Reading(i)));
        var publish = await PacedAsync(rate, span, i => bus.PublishAsync(new ApplicationMessage($"bench/{i % Things}", Encoding.UTF8.GetBytes(Reading(i))), CancellationToken.None).AsTask());
        Console.WriteLine($"at {rate:0}/s: update p50 {update.P50:0.0} ms, p99 {update.P99:0.0} ms; plain durable publish p50 {publish.P50:0.0} ms, p99 {publish.P99:0.0} ms; p99 ratio {update.P99 / publish.P99:0.00}");
    }

    /// <summary>Slope over two sizes: what a byte of the document costs, and what an update costs besides.</summary>
    private static async Task AllocationAsync(IShadows shadows)
    {
        var small = await AllocatedAsync(shadows, 1000);
        var large = await AllocatedAsync(shadows, 7000);
        Console.WriteLine($"allocated per update: {small:0} bytes with a document of 1 000, {large:0} with one of 7 000: {(large - small) / 6000.0:0.00} bytes per byte of the document (its own copy; update/documents is written only for who hears it)");
    }

    private static async Task<double> AllocatedAsync(IShadows shadows, int size)
    {
        const int Updates = 2_000;
        var shadow = ShadowId.Classic($"allocation-{size}");
        await UpdateAsync(shadows, shadow, $$$$"""{"state":{"desired":{"filling":"{{{{new string('x', size)}}}}"}}}""");
        await UpdateAsync(shadows, shadow, """{"state":{"reported":{"n":0}}}""");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Updates; i++)
            await UpdateAsync(shadows, shadow, """{"state":{"reported":{"n":1}}}""");
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Updates;
    }

    private static async Task<(double P50, double P99)> PacedAsync(double rate, TimeSpan span, Func<int, Task> run)
    {
        var delays = new double[(int)(rate * span.TotalSeconds)];
        var running = new Task[delays.Length];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < delays.Length; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate);
            if (Stopwatch.GetElapsedTime(started) < due)
                await Task.Delay(1);                                                 // the pace is kept on average: what is late is sent at once
            var index = i;
            running[i] = MeasureAsync();

            async Task MeasureAsync()
            {
                var asked = Stopwatch.GetTimestamp();
                await run(index);
                delays[index] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }
        }
        await Task.WhenAll(running);
        Array.Sort(delays);
        return (delays[delays.Length / 2], delays[delays.Length * 99 / 100]);
    }

    /// <summary>A session that is away, so that a publish to <c>bench/#</c> has to be on disk before it is acknowledged.</summary>
    private static async Task KeepASessionAsync(GatewayHost host)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var port = int.Parse(host.Endpoints["mqtt"].Split(':')[^1], CultureInfo.InvariantCulture);
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("away").WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithCleanStart(false).WithSessionExpiryInterval(3600).Build());
        await client.SubscribeAsync("bench/#", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        await client.DisconnectAsync();
    }

    private static async Task InParallelAsync(int count, Func<int, Task> run)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Outstanding).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                await run(i);
        }));
    }

    private static async Task UpdateAsync(IShadows shadows, ShadowId shadow, string request)
    {
        if (await shadows.UpdateAsync(shadow, Encoding.UTF8.GetBytes(request), MessageOrigin.Api, CancellationToken.None) is ShadowAnswer.Rejected { Error: var error })
            throw new InvalidOperationException($"{shadow}: {error.Code} {error.Message}");
    }

    private static ShadowId Thing(int i) => ShadowId.Classic(string.Create(CultureInfo.InvariantCulture, $"bench-{i % Things}"));

    private static string Reading(int i) =>
        string.Create(CultureInfo.InvariantCulture, $$$$"""{"state":{"reported":{"temperature":{{{{20 + i % 100 / 10.0}}}},"humidity":{{{{i % 100}}}},"state":"on","uptime":{{{{i}}}}}}}""");

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
