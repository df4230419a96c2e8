using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using EdgeGateway.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Devices;

/// <summary>
/// From the edge of a button to the edge of a relay: kernel event, driver, message, rule, shadow, driver, line, in a whole gateway with
/// simulated lines and a data folder where the operating system puts it. The issue asks for a p99 below 10 ms in the guest.
/// </summary>
internal static class EdgeToOutputBenchmark
{
    private const int Button = 17, Relay = 27, Warm = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var edges = arguments is [var text, ..] && int.TryParse(text, CultureInfo.InvariantCulture, out var given) ? given : 500;
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        var file = Path.Combine(folder, "bench.yaml");
        await File.WriteAllTextAsync(file, """
            gateway: { name: bench }
            sensors: [ { name: button, driver: button, pin: 17, debounce: 0s, double: 0s, interval: 60s } ]
            outputs: [ { name: fan, driver: relay, pin: 27 } ]
            rules:
              define:
                on: { sql: "SELECT 'on' AS state FROM 'sensors/button/events' WHERE event = 'press'", awsIotSqlVersion: "2016-03-23", actions: [ { output: { name: fan, state: "on" } } ] }
                off: { sql: "SELECT 'off' AS state FROM 'sensors/button/events' WHERE event = 'release'", awsIotSqlVersion: "2016-03-23", actions: [ { output: { name: fan, state: "off" } } ] }
            """);
        string[] listeners = [.. new[] { "mqtt", "mqtts", "https", "http" }.Select(static name => $"listeners.{name}.port=-1")];
        using var header = new SimulatedHeader(TimeProvider.System);
        header.Lines.Drive(Button, true);
        var changed = Channel.CreateUnbounded<(bool High, long At)>();
        header.Lines.OutputChanged += (pin, high) =>
        {
            if (pin == Relay)
                changed.Writer.TryWrite((high, Stopwatch.GetTimestamp()));
        };
        var times = new List<double>();
        var options = new ServeOptions { ConfigFile = file, DataFolder = Path.Combine(folder, "data"), Settings = listeners };
        await using (await GatewayHost.StartAsync(options, new Dictionary<string, string>(), services => services.AddSingleton<IHeader>(header), CancellationToken.None))
        {
            await changed.Reader.ReadAsync().AsTask().WaitAsync(Patience); // opened, in its safe state
            while (!header.Lines.IsOpen(Button))
                await Task.Yield();
            for (var edge = 0; edge < edges + Warm; edge++)
            {
                var isPress = edge % 2 == 0;
                var started = Stopwatch.GetTimestamp();
                header.Lines.Drive(Button, !isPress);
                var (_, at) = await changed.Reader.ReadAsync().AsTask().WaitAsync(Patience);
                if (edge >= Warm)
                    times.Add(Stopwatch.GetElapsedTime(started, at).TotalMilliseconds);
                await Task.Delay(5);
            }
        }
        Directory.Delete(folder, recursive: true);
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"devices/edge-to-output: {times.Count} edges, p50 {times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.00} ms, longest {times[^1]:0.00} ms; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
        return 0;
    }
}
