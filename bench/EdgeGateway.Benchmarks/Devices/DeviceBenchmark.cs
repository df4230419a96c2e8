using System.Diagnostics;
using System.Globalization;
using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using EdgeGateway.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Devices;

/// <summary>
/// A whole gateway with fifty chips read once a second on simulated buses, in real time: its share of one core beside that of the same gateway
/// with none, file handles and heap at the beginning and the end. The issue asks for less than 5 % of one core.
/// </summary>
internal static class DeviceBenchmark
{
    private const int Chips = 50, PerBus = 4;
    private const double MostPercent = 5;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var span = TimeSpan.FromSeconds(arguments is [var text, ..] && double.TryParse(text, CultureInfo.InvariantCulture, out var given) ? given : 30);
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores, load {Load()}, {span.TotalSeconds:0} s each");
        var idle = await MeasureAsync(0, span);
        var busy = await MeasureAsync(Chips, span);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"devices/50-at-1s: {busy:0.00} % of one core (asked: below {MostPercent} %), the same gateway without sensors {idle:0.00} %; load at the end {Load()}"));
        return busy < MostPercent ? 0 : 1;
    }

    private static async Task<double> MeasureAsync(int chips, TimeSpan span)
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        var file = Path.Combine(folder, "bench.yaml");
        await File.WriteAllTextAsync(file, chips == 0 ? "gateway: { name: bench }\n" : $"gateway: {{ name: bench }}\nsensors:\n{string.Concat(Enumerable.Range(0, chips).Select(Entry))}");
        string[] listeners = [.. new[] { "mqtts", "https", "http" }.Select(static name => $"listeners.{name}.port=-1"), "listeners.mqtt.port=0"];
        using var header = new SimulatedHeader(TimeProvider.System);
        for (var number = 0; number < chips; number++)
            Wire(header, number);
        var options = new ServeOptions { ConfigFile = file, DataFolder = Path.Combine(folder, "data"), Settings = listeners };
        double percent;
        await using (var host = await GatewayHost.StartAsync(options, new Dictionary<string, string>(), services => services.AddSingleton<IHeader>(header), CancellationToken.None))
        {
            var devices = host.Services.GetRequiredService<IWiredDevices>();
            await Task.Delay(Settling);
            var (readings, heap, files) = (Readings(devices), GC.GetTotalMemory(forceFullCollection: true), Files());
            var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await Task.Delay(span);
            var (elapsed, used) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - processor);
            percent = 100 * used / elapsed;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{chips} sensors: {(Readings(devices) - readings) / elapsed.TotalSeconds:0.0} readings a second, {percent:0.00} % of one core, {devices.List().Count(static device => device.State == WiredState.Failed)} failing; heap {(GC.GetTotalMemory(forceFullCollection: true) - heap) / 1024.0:+0;-0} KB, file handles {files} to {Files()}"));
        }
        Directory.Delete(folder, recursive: true);
        return percent;
    }

    private static string Entry(int number) => number % 2 == 0
        ? $"  - {{ name: chip-{number}, driver: bme280, bus: i2c-{Bus(number)}, address: 0x{0x76 + (number / 2 % 2):X2}, interval: 1s }}\n"
        : $"  - {{ name: chip-{number}, driver: sht3x, bus: i2c-{Bus(number)}, address: 0x{0x44 + (number / 2 % 2):X2}, interval: 1s }}\n";

    private static void Wire(SimulatedHeader header, int number)
    {
        if (number % 2 == 0)
            header.AddI2c($"i2c-{Bus(number)}", 0x76 + (number / 2 % 2), new SimulatedBme280(TimeProvider.System));
        else
            header.AddI2c($"i2c-{Bus(number)}", 0x44 + (number / 2 % 2), new SimulatedSht3x(TimeProvider.System));
    }

    private static int Bus(int number) => 1 + (number / PerBus);

    private static long Readings(IWiredDevices devices) => devices.List().Sum(static device => device.Readings);

    private static int Files() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
