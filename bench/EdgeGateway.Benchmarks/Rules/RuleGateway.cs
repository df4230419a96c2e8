using System.Diagnostics;
using System.Globalization;
using EdgeGateway.Hosting;

namespace EdgeGateway.Benchmarks.Rules;

/// <summary>The whole gateway in a process of its own, with one rule that republishes <c>bench/in</c> to <c>bench/out</c>.</summary>
internal sealed class RuleGateway : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private RuleGateway(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    public static RuleGateway Start()
    {
        var folder = Directory.CreateTempSubdirectory("bench-rules-").FullName;
        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet";
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. isHosted ? (string[])[typeof(RuleGateway).Assembly.Location] : [], "rule-actions", "serve", folder])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
            // The product is native code; a JIT that compiles during the run would be measured along.
            Environment = { ["DOTNET_TieredCompilation"] = "0" },
        })!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("port ", StringComparison.Ordinal))
                return new(process, folder, int.Parse(line[5..], CultureInfo.InvariantCulture));
        }
        throw new InvalidOperationException("the gateway did not start");
    }

    /// <summary>Runs until whoever started it has gone.</summary>
    public static async Task<int> ServeAsync(string folder)
    {
        var options = new ServeOptions
        {
            DataFolder = folder,
            Settings =
            [
                "listeners.mqtt.port=0", "listeners.mqtt.anonymous=true", "listeners.mqtts.port=-1", "listeners.https.port=-1", "listeners.http.port=-1",
                "rules.define.copy.sql=SELECT * FROM 'bench/in'", "rules.define.copy.awsIotSqlVersion=2016-03-23", "rules.define.copy.actions.0.republish.topic=bench/out",
            ],
        };
        await using var host = await GatewayHost.StartAsync(options, new Dictionary<string, string>(), amend: null, CancellationToken.None);
        Console.WriteLine($"port {host.Endpoints["mqtt"].Split(':')[^1]}");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory {GC.GetTotalAllocatedBytes(precise: true)} {GC.CollectionCount(0)} {GC.GetTotalPauseDuration().TotalMilliseconds}"));
        return 0;
    }

    /// <summary>What the gateway has allocated, how often it has collected, and how long it stood still for it, since its start.</summary>
    public (long Bytes, int Collections, double PausedMs) Memory()
    {
        _process.StandardInput.WriteLine();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Split(' ') is ["memory", var bytes, var collections, var paused]) // its log is between
                return (long.Parse(bytes, CultureInfo.InvariantCulture), int.Parse(collections, CultureInfo.InvariantCulture), double.Parse(paused, CultureInfo.InvariantCulture));
        }
        throw new InvalidOperationException("the gateway ended");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
