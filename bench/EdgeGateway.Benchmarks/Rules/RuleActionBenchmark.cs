using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGateway.Benchmarks.Broker;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Rules.Series;
using EdgeGateway.Rules.Tables;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Benchmarks.Rules;

/// <summary>What actions do: republish beside a plain publish of the same run, durable table rows, function calls, bytes of a reading.</summary>
internal static class RuleActionBenchmark
{
    private const int MessagesPerSecond = 5_000;
    private const string Echo = "import sys, json\nfor line in sys.stdin:\n    r = json.loads(line)\n    sys.stdout.write('{\"id\":%d,\"result\":%s}\\n' % (r['id'], json.dumps(r['event']))); sys.stdout.flush()";

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["serve", var folder])
            return await RuleGateway.ServeAsync(folder);
        Republish();
        await TablesAsync();
        await FunctionsAsync();
        Series();
        Console.WriteLine($"{Environment.ProcessorCount} processors, load {(File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown")}");
        return 0;
    }

    private static void Republish()
    {
        using var gateway = RuleGateway.Start();
        var (plain, through) = (new List<double>(), new List<double>());
        (long Bytes, int Collections, double PausedMs) used = default;
        Round(gateway.Port, "bench/plain", "bench/plain", TimeSpan.FromSeconds(2)); // warms up
        Round(gateway.Port, "bench/in", "bench/out", TimeSpan.FromSeconds(2));
        for (var round = 0; round < 3; round++)
        {
            plain.AddRange(Round(gateway.Port, "bench/plain", "bench/plain", TimeSpan.FromSeconds(4)));
            var before = gateway.Memory();
            through.AddRange(Round(gateway.Port, "bench/in", "bench/out", TimeSpan.FromSeconds(4)));
            var after = gateway.Memory();
            used = (used.Bytes + after.Bytes - before.Bytes, used.Collections + after.Collections - before.Collections, used.PausedMs + after.PausedMs - before.PausedMs);
        }
        var (p, t) = (Percentile(plain, 0.99), Percentile(through, 0.99));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"republish at {MessagesPerSecond}/s: p50 {Percentile(through, 0.5):0.00} ms, p99 {t:0.00} ms; plain publish p50 {Percentile(plain, 0.5):0.00} ms, p99 {p:0.00} ms; p99 ratio {t / p:0.00} (wanted: at most 2); {(double)used.Bytes / through.Count:0} B allocated a message, {used.Collections} collections, {used.PausedMs:0} ms of pauses in {through.Count / MessagesPerSecond} s"));
    }

    // One publisher and one subscriber; messages of one connection come in their order, so the n-th that comes is the n-th that went.
    private static List<double> Round(int port, string topic, string filter, TimeSpan time)
    {
        using var load = new Load();
        var subscriber = load.Add(LoadConnection.Open(port, $"s{Guid.NewGuid():N}", clean: true, filter));
        var publisher = load.Add(LoadConnection.Open(port, $"p{Guid.NewGuid():N}", clean: true));
        var payload = Encoding.UTF8.GetBytes("""{"time":1767225600123,"temperature":21.43,"humidity":48.2,"units":{"temperature":"°C","humidity":"%RH"},"quality":"good"}""");
        var frame = LoadConnection.Publish(topic, payload, qos: 0);
        var sent = new List<long>();
        var latencies = new List<double>();
        void Came(int mark) => latencies.Add(Stopwatch.GetElapsedTime(sent[latencies.Count]).TotalMilliseconds);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) is var elapsed && (elapsed < time || (latencies.Count < sent.Count && elapsed < time + TimeSpan.FromSeconds(5))))
        {
            while (elapsed < time && sent.Count < elapsed.TotalSeconds * MessagesPerSecond)
            {
                sent.Add(Stopwatch.GetTimestamp());
                publisher.Send(frame);
            }
            load.Poll(0, Came);
            Thread.Yield(); // or what the kernel wakes on this processor waits a time slice for a loop that has nothing to do
        }
        if (latencies.Count < sent.Count)
            Console.WriteLine($"  {sent.Count - latencies.Count} of {sent.Count} messages did not come");
        _ = subscriber;
        return latencies;
    }

    private static async Task TablesAsync()
    {
        const int Rows = 50_000, InFlight = 512;
        var folder = Directory.CreateTempSubdirectory("bench-tables-").FullName;
        using (var database = Database.Open(Path.Combine(folder, "bench.db"), [RuleStore.Migrations]))
        {
            var tables = new TableStore(database, TimeProvider.System);
            await tables.CreateAsync(new Table("rows", new TableKey("device", TableKeyType.String), new TableKey("time", TableKeyType.Number)));
            var (began, commits) = (Stopwatch.GetTimestamp(), database.Commits);
            using var room = new SemaphoreSlim(InFlight);
            var writes = new List<Task>();
            for (var i = 0; i < Rows; i++)
            {
                await room.WaitAsync();
                var row = Encoding.UTF8.GetBytes($$"""{"device":"d{{i % 50}}","time":{{i}},"temperature":21.43,"humidity":48.2,"quality":"good"}""");
                writes.Add(PutAsync(tables, row, room));
            }
            await Task.WhenAll(writes);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"table: {Rows / seconds:N0} durable rows/s with {InFlight} in flight, {(double)Rows / (database.Commits - commits):0} rows a commit (wanted: at least 10,000)"));
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task PutAsync(TableStore tables, byte[] row, SemaphoreSlim room)
    {
        if (await tables.PutAsync("rows", row) is { } error)
            throw new InvalidOperationException(error.Message);
        room.Release();
    }

    private static async Task FunctionsAsync()
    {
        const int Calls = 20_000, InFlight = 32;
        using var http = new RuleHttp();
        await using var functions = new FunctionRegistry(
            [new FunctionDefinition("echo") { Command = ["python3", "-u", "-c", Echo], Concurrency = InFlight, Timeout = TimeSpan.FromSeconds(10) }], http, TimeProvider.System, NullLogger<FunctionRegistry>.Instance);
        var json = """{"temperature":21.43,"device":"d1"}"""u8.ToArray();
        var call = new FunctionCall("bench", "bench/in", "c", "t");
        await functions.InvokeAsync("echo", json, call, CancellationToken.None);
        var latencies = new double[Calls];
        var next = -1;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < Calls; i = Interlocked.Increment(ref next))
            {
                var at = Stopwatch.GetTimestamp();
                if ((await functions.InvokeAsync("echo", json, call, CancellationToken.None)).Error is { } error)
                    throw new InvalidOperationException(error);
                latencies[i] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"function (Python echo): {Calls / seconds:N0} calls/s with {InFlight} in flight, p50 {Percentile([.. latencies], 0.5):0.00} ms, p99 {Percentile([.. latencies], 0.99):0.00} ms (wanted: at least 3,000)"));
    }

    private static void Series()
    {
        foreach (var (what, jitter, step) in ((string, int, double)[])[("every 5 s to the millisecond", 0, 0.01), ("up to 20 ms late", 20, 0.01), ("one that hardly moves", 20, 0)])
        {
            var random = new Random(7);
            var (value, points) = (21.4, new List<SeriesPoint>());
            for (var i = 0; i < 512; i++)
            {
                value += random.Next(-3, 4) * step;
                points.Add(new(1_767_225_600_000_000_000 + (((i * 5000L) + random.Next(0, jitter + 1)) * 1_000_000), Math.Round(value, 2)));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"series, a slow sensor, {what}: {SeriesChunk.Write(SeriesKind.Number, points).Length / 512.0:0.00} B a reading (wanted: at most 3)"));
        }
    }

    private static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[(int)Math.Min(values.Count - 1, values.Count * share)];
    }
}
