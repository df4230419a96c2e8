using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGateway.Hosting;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using EdgeGateway.Sync.State;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Shadows;

/// <summary>Merging documents of 8 KB, and 10 000 shadows that changed offline against a second gateway on the same machine.</summary>
internal static class SyncBenchmark
{
    private const int Shadows = 10_000;

    public static async Task<int> RunAsync(string[] arguments)
    {
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores, load {Load()}");
        Merge();
        var count = arguments is [var text, ..] && int.TryParse(text, CultureInfo.InvariantCulture, out var given) ? given : Shadows;
        await ReconcileAsync(count);
        Console.WriteLine($"load at the end: {Load()}");
        return 0;
    }

    private static void Merge()
    {
        var (basis, local, cloud) = (Document(0, 0), Document(1, 0), Document(0, 1));
        const int Rounds = 2_000;
        var (readBasis, readLocal, readCloud) = (SectionStates.Read(basis, default), SectionStates.Read(local, default), SectionStates.Read(cloud, default));
        Measure("merge", () => StateMerge.Merge(readBasis, readLocal, readCloud, MergePolicy.Default));
        Measure("merge, reading and patches included,", () =>
        {
            var (b, l, c) = (SectionStates.Read(basis, default), SectionStates.Read(local, default), SectionStates.Read(cloud, default));
            var merged = StateMerge.Merge(b, l, c, MergePolicy.Default).Merged;
            if (StatePatch.Between(c, merged) is null || StatePatch.Between(l, merged) is null)
                throw new InvalidOperationException("both sides changed something");
        });

        void Measure(string what, Action once)
        {
            for (var warm = 0; warm < 500; warm++)
                once();
            var times = new double[Rounds];
            for (var i = 0; i < Rounds; i++)
            {
                var started = Stopwatch.GetTimestamp();
                once();
                times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }
            Array.Sort(times);
            Console.WriteLine($"{what} of documents of {basis.Length} bytes: p50 {times[Rounds / 2]:0} µs, p90 {times[Rounds * 9 / 10]:0} µs");
        }
    }

    /// <summary>A hundred objects of three leaves in each section; every tenth was changed.</summary>
    private static byte[] Document(int local, int cloud)
    {
        string Section(int changed) => string.Join(',', Enumerable.Range(0, 100).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"\"k{i:000}\":{{\"value\":{(i % 10 == 0 ? i + changed : i)},\"unit\":\"C\",\"n\":{i}}}")));
        return Encoding.UTF8.GetBytes($"{{\"desired\":{{{Section(cloud)}}},\"reported\":{{{Section(local)}}}}}");
    }

    private static async Task ReconcileAsync(int count)
    {
        var folders = (Plant: Directory.CreateTempSubdirectory("edgegateway-plant-").FullName, Pi: Directory.CreateTempSubdirectory("edgegateway-pi-").FullName);
        var port = FreePort();
        string[] quiet = [.. new[] { "mqtts", "https", "http" }.Select(static name => $"listeners.{name}.port=-1"), "listeners.mqtt.anonymous=true", "shadow.maxInFlight=100"];
        await using (var pi = await StartAsync(folders.Pi, [.. quiet, "gateway.name=pi", "listeners.mqtt.port=0", "upstream.0.name=plant", "upstream.0.kind=edgegateway",
            $"upstream.0.endpoint=mqtt://127.0.0.1:{port}", "upstream.0.limits.shadowRate=0", "upstream.0.shadows.0.things=*"]))
        {
            var shadows = pi.Services.GetRequiredService<IShadows>();
            await Task.WhenAll(Enumerable.Range(0, count).Select(i => shadows.UpdateAsync(
                ShadowId.Classic($"s{i}"), Encoding.UTF8.GetBytes($$$$"""{"state":{"reported":{"n":{{{{i}}}}},"desired":{"n":1}}}"""), MessageOrigin.Api, CancellationToken.None)));
            await using var plant = await StartAsync(folders.Plant, [.. quiet, "gateway.name=plant", $"listeners.mqtt.port={port}"]);
            var started = Stopwatch.GetTimestamp();
            var sync = pi.Services.GetRequiredService<IShadowSync>();
            pi.Services.GetRequiredService<EdgeGateway.Sync.ISyncStatus>().ConnectNow(name: null);
            while (sync.Upstreams is [var status] && status.InSync < count && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(3))
                await Task.Delay(250);
            Console.WriteLine($"{sync.Upstreams[0].InSync} of {count} shadows changed offline in sync after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s (the wait for the connection included)");
        }
        Directory.Delete(folders.Plant, recursive: true);
        Directory.Delete(folders.Pi, recursive: true);
    }

    private static Task<GatewayHost> StartAsync(string folder, string[] settings) =>
        GatewayHost.StartAsync(new ServeOptions { DataFolder = folder, Settings = settings }, new Dictionary<string, string>(), null, CancellationToken.None);

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
