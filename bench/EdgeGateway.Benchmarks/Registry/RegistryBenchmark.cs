using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeGateway.Api;
using EdgeGateway.Hosting;
using EdgeGateway.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Registry;

/// <summary>
/// The registry of a whole gateway with 10 000 things of 10 attributes: durable CreateThing a second (asked in process, and as AWS's operation
/// over HTTP on the control socket), what a page of ListThings takes, and the memory all of it adds.
/// </summary>
internal static class RegistryBenchmark
{
    private const int Things = 10_000;
    private const int Outstanding = 256;
    private const int Pages = 200;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        string[] listeners = [.. new[] { "mqtt", "mqtts", "https", "http" }.Select(static name => $"listeners.{name}.port=-1")];
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores, load {Load()}");
        await using (var host = await GatewayHost.StartAsync(new ServeOptions { DataFolder = folder, Settings = listeners }, new Dictionary<string, string>(), null, CancellationToken.None))
        {
            var (heap, resident) = Memory();
            await CreateInProcessAsync(host.Services);
            var (heapAfter, residentAfter) = Memory();
            Console.WriteLine($"{Things} things of 10 attributes: heap +{(heapAfter - heap) / 1e6:0.0} MB, resident +{(residentAfter - resident) / 1e6:0.0} MB");
            using var http = ControlClient(folder);
            await ListAsync(http, "first page", "things?maxResults=250");
            await ListAsync(http, "a page in the middle", "things?maxResults=250&nextToken=" + await TokenAsync(http, skip: Things / 500));
            await ListAsync(http, "by type", "things?maxResults=250&thingTypeName=bench");
            await ListAsync(http, "by an attribute that one thing has", $"things?maxResults=250&attributeName=a0&attributeValue=v-{Things - 1}-0");
            await ListAsync(http, "by an attribute's beginning that none has", "things?maxResults=250&attributeName=a0&attributeValue=none&usePrefixAttributeValue=true");
            await CreateOverHttpAsync(http);
        }
        Console.WriteLine($"load at the end: {Load()}");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task CreateInProcessAsync(IServiceProvider services)
    {
        await services.GetRequiredService<IThingTypes>().CreateAsync("bench", ThingTypeProperties.None, new Dictionary<string, string>(), CancellationToken.None);
        var things = services.GetRequiredService<IThings>();
        var started = Stopwatch.GetTimestamp();
        await InParallelAsync(Things, async i =>
        {
            var attributes = Enumerable.Range(0, 10).ToDictionary(static n => $"a{n}", n => string.Create(CultureInfo.InvariantCulture, $"v-{i}-{n}"));
            if (await things.CreateAsync(Name(i), "bench", attributes, null, CancellationToken.None) is RegistryResult<Thing>.Refused { Error: var error })
                throw new InvalidOperationException(error.Message);
        });
        Console.WriteLine($"CreateThing, durable, in process: {Things / Stopwatch.GetElapsedTime(started).TotalSeconds:0}/s ({Outstanding} outstanding)");
    }

    private static async Task CreateOverHttpAsync(HttpClient http)
    {
        const int More = 4_000;
        var started = Stopwatch.GetTimestamp();
        await InParallelAsync(More, async i =>
        {
            using var body = new StringContent($$$$"""{"thingTypeName":"bench","attributePayload":{"attributes":{"room":"hall","serial":"{{{{i}}}}"}}}""", Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(new Uri($"things/http-{i}", UriKind.Relative), body);
            response.EnsureSuccessStatusCode();
        });
        Console.WriteLine($"CreateThing, durable, over HTTP: {More / Stopwatch.GetElapsedTime(started).TotalSeconds:0}/s ({Outstanding} outstanding; client and gateway on the same cores)");
    }

    private static async Task ListAsync(HttpClient http, string what, string path)
    {
        var times = new double[Pages];
        var bytes = 0L;
        for (var i = 0; i < Pages; i++)
        {
            var started = Stopwatch.GetTimestamp();
            bytes = (await http.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length;
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(times);
        Console.WriteLine($"ListThings, {what}: p50 {times[Pages / 2]:0.0} ms, p99 {times[Pages * 99 / 100]:0.0} ms, {bytes / 1000.0:0} KB");
    }

    private static async Task<string> TokenAsync(HttpClient http, int skip)
    {
        var token = "";
        for (var page = 0; page < skip; page++)
        {
            using var answer = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri($"things?maxResults=250{(page > 0 ? $"&nextToken={token}" : "")}", UriKind.Relative)));
            token = answer.RootElement.GetProperty("nextToken").GetString()!;
        }
        return token;
    }

    private static async Task InParallelAsync(int count, Func<int, Task> run)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Outstanding).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                await run(i);
        })));
    }

    private static HttpClient ControlClient(string folder)
    {
        var path = ControlSocketPath.For(folder, out _);
        return new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
            MaxConnectionsPerServer = 32,
        }) { BaseAddress = new("http://localhost/") };
    }

    private static (long Heap, long Resident) Memory()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (heap, process.WorkingSet64);
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"bench-{i:00000}");

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
