using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGateway.Hosting;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Shadows;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Search;

/// <summary>
/// The fleet index of a whole gateway with 10 000 things of 10 attributes and a shadow of 1 KB each: what it adds to the memory, what a search takes,
/// and what a change of a shadow costs with the index and without it, in turns.
/// </summary>
internal static class SearchBenchmark
{
    private const int Things = 10_000, Outstanding = 256, Searches = 100, Changes = 4_000, Turns = 5;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        string[] settings = [.. new[] { "mqtt", "mqtts", "https", "http" }.Select(static name => $"listeners.{name}.port=-1"), "search.index=off"];
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores, load {Load()}");
        await using (var host = await GatewayHost.StartAsync(new ServeOptions { DataFolder = folder, Settings = settings }, new Dictionary<string, string>(), null, CancellationToken.None))
        {
            var (things, shadows, search) = (host.Services.GetRequiredService<IThings>(), host.Services.GetRequiredService<IShadows>(), host.Services.GetRequiredService<IFleetSearch>());
            await host.Services.GetRequiredService<IThingTypes>().CreateAsync("bench", ThingTypeProperties.None, new Dictionary<string, string>(), CancellationToken.None);
            await InParallelAsync(Things, async i =>
            {
                var attributes = Enumerable.Range(0, 10).ToDictionary(static n => $"a{n}", n => string.Create(CultureInfo.InvariantCulture, $"v-{i % 100}-{n}"));
                await things.CreateAsync(Name(i), "bench", attributes, null, CancellationToken.None);
                await UpdateAsync(shadows, i, Document(i));
            });
            var before = Heap();
            var started = Stopwatch.GetTimestamp();
            await search.UpdateSettingsAsync(IndexSettings.Everything, CancellationToken.None);
            while (search.StatusOf(IndexName.Things) != IndexStatus.Active)
                await Task.Delay(1);
            Console.WriteLine($"{Things} things: built in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms, heap +{(Heap() - before) / 1e6:0.0} MB (aim: less than 60)");
            foreach (var (what, query) in new[]
                     {
                         ("an attribute", "attributes.a3:v-42-3"), ("a shadow value", "shadow.reported.values.v7 > 9990"), ("type, value and connection", "thingTypeName:bench AND shadow.reported.version < 2 AND NOT connectivity.connected:true"),
                         ("a wildcard", "attributes.a9:v-4?-9*"), ("any field", "v-42-3"),
                     })
                await SearchAsync(search, what, query);
            await CompareAsync(search, shadows);
        }
        Console.WriteLine($"load at the end: {Load()}");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task SearchAsync(IFleetSearch search, string what, string query)
    {
        var times = new double[Searches];
        var found = 0;
        for (var i = 0; i < Searches; i++)
        {
            var started = Stopwatch.GetTimestamp();
            found = (await search.ThingsAsync(query, "", 100, CancellationToken.None)).Items.Count;
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(times);
        var counted = Stopwatch.GetTimestamp();
        var all = await search.StatisticsAsync(IndexName.Things, query, null, CancellationToken.None);
        Console.WriteLine($"search by {what}: p50 {times[Searches / 2]:0.00} ms, p99 {times[Searches * 99 / 100]:0.00} ms for a page of {found}; all {all.Count} counted in {Stopwatch.GetElapsedTime(counted).TotalMilliseconds:0.0} ms (aim: less than 20)");
    }

    // The processor time of the whole gateway for the same changes, without and with the index.
    private static async Task CompareAsync(IFleetSearch search, IShadows shadows)
    {
        var (without, with) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            without.Add(await ChangeAsync(search, shadows, IndexSettings.Off, turn));
            with.Add(await ChangeAsync(search, shadows, IndexSettings.Everything, turn));
        }
        without.Sort();
        with.Sort();
        Console.WriteLine($"a change of a 1 KB shadow: {without[Turns / 2]:0} µs of processor time without the index, {with[Turns / 2]:0} with it: +{with[Turns / 2] - without[Turns / 2]:0} µs (aim: less than 1000)");
    }

    private static async Task<double> ChangeAsync(IFleetSearch search, IShadows shadows, IndexSettings settings, int turn)
    {
        await search.UpdateSettingsAsync(settings, CancellationToken.None);
        while (settings.Things && search.StatusOf(IndexName.Things) != IndexStatus.Active)
            await Task.Delay(1);
        GC.Collect();
        var started = Process.GetCurrentProcess().TotalProcessorTime;
        await InParallelAsync(Changes, i => UpdateAsync(shadows, i, $$$"""{"state":{"reported":{"version":{{{turn + 2}}},"values":{"v1":{{{i + turn}}}} } } }"""));
        if (settings.Things)
            await search.StatisticsAsync(IndexName.Things, "thingName:none", null, CancellationToken.None); // waits for the index
        return (Process.GetCurrentProcess().TotalProcessorTime - started).TotalMicroseconds / Changes;
    }

    private static async Task UpdateAsync(IShadows shadows, int i, string update)
    {
        if (await shadows.UpdateAsync(ShadowId.Classic(Name(i)), Encoding.UTF8.GetBytes(update), MessageOrigin.Api, CancellationToken.None) is ShadowAnswer.Rejected { Error: var error })
            throw new InvalidOperationException(error.Message);
    }

    // About a kilobyte.
    private static string Document(int i)
    {
        var values = string.Join(',', Enumerable.Range(0, 30).Select(n => string.Create(CultureInfo.InvariantCulture, $"\"v{n}\":{(n == 7 ? i : n * 1.5)}")));
        var texts = string.Join(',', Enumerable.Range(0, 15).Select(n => string.Create(CultureInfo.InvariantCulture, $"\"name{n}\":\"some text of thing {i % 50}\"")));
        return $"{{\"state\":{{\"reported\":{{\"version\":{i % 3},\"values\":{{{values}}},\"texts\":{{{texts}}}}}}}}}";
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"thing-{i:00000}");

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static async Task InParallelAsync(int count, Func<int, Task> run)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Outstanding).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                await run(i);
        })));
    }
}
