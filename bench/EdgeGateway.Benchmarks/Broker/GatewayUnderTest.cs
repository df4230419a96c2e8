using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Hosting;
using EdgeGateway.Identity.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>
/// The whole gateway as <c>serve</c> composes it, whose anonymous clients have a policy of ten statements: the published program that
/// <c>EDGEGATEWAY_BINARY</c> names, else what this project was built with, compiled when it starts.
/// </summary>
internal sealed class GatewayUnderTest : BrokerUnderTest
{
    internal const string PolicyName = "bench";
    private static readonly string? Binary = Environment.GetEnvironmentVariable("EDGEGATEWAY_BINARY");
    internal static readonly string[] Settings =
    [
        "listeners.mqtt.port=0", "listeners.mqtt.anonymous=true", $"listeners.mqtt.policy={PolicyName}",
        "listeners.mqtts.port=-1", "listeners.https.port=-1", "listeners.http.port=-1", "broker.connectRate=0",
    ];

    private readonly string _folder;

    private GatewayUnderTest(string name, Process process, int port, string folder) : base(name, process, port) => _folder = folder;

    public static async Task<GatewayUnderTest> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("bench-gateway-").FullName;
        if (Binary is not null)
            return await StartNativeAsync(Binary, folder);
        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet";
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. isHosted ? (string[])[typeof(GatewayUnderTest).Assembly.Location] : [], "broker", "gateway", folder])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
            // The product is native code; a JIT that compiles during the run would be measured along.
            Environment = { ["DOTNET_TieredCompilation"] = "0" },
        })!;
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                port.TrySetException(new InvalidOperationException("the gateway did not start"));
            else if (line.Data.StartsWith("port ", StringComparison.Ordinal))
                port.TrySetResult(int.Parse(line.Data[5..], CultureInfo.InvariantCulture));
        };
        process.BeginOutputReadLine();
        return new("gateway", process, await port.Task, folder);
    }

    private static async Task<GatewayUnderTest> StartNativeAsync(string binary, string folder)
    {
        var process = Process.Start(new ProcessStartInfo(binary, ["serve", "--data", folder, .. Settings.SelectMany(static setting => (string[])["--set", setting])])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.OutputDataReceived += static (_, _) => { }; // read, so that it never waits for its reader
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var endpoints = Path.Combine(folder, "endpoints.json");
        while (!File.Exists(endpoints))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"the gateway ended with {process.ExitCode}");
            await Task.Delay(20);
        }
        var document = Path.Combine(folder, "bench-policy.json");
        await File.WriteAllTextAsync(document, TenStatements());
        using (var create = Process.Start(binary, ["policy", "create", PolicyName, "--document", document, "--data", folder]))
        {
            await create.WaitForExitAsync();
            if (create.ExitCode != 0)
                throw new InvalidOperationException("the policy of the run was refused");
        }
        using var bound = JsonDocument.Parse(await File.ReadAllBytesAsync(endpoints));
        return new("native", process, int.Parse(bound.RootElement.GetProperty("mqtt").GetString()!.Split(':')[^1], CultureInfo.InvariantCulture), folder);
    }

    /// <summary>Runs until it is killed, or whoever started it has gone.</summary>
    public static async Task<int> ServeAsync(string folder)
    {
        var options = new ServeOptions
        {
            DataFolder = folder,
            Settings = Settings,
        };
        await using var host = await GatewayHost.StartAsync(options, new Dictionary<string, string>(), amend: null, CancellationToken.None);
        await host.Services.GetRequiredService<IPolicies>().CreateAsync(PolicyName, TenStatements(), "bench");
        Console.WriteLine($"port {host.Endpoints["mqtt"].Split(':')[^1]}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal static string TenStatements()
    {
        var others = string.Concat(Enumerable.Range(0, 8).Select(static n => $$"""{"Effect":"Allow","Action":["iot:Publish","iot:Receive"],"Resource":"arn:aws:iot:edge:000000000000:topic/other{{n}}/*"},"""));
        return $$"""
            {"Version":"2012-10-17","Statement":[{{others}}
            {"Effect":"Allow","Action":["iot:Publish","iot:Receive","iot:RetainPublish"],"Resource":"arn:aws:iot:edge:000000000000:topic/bench/*"},
            {"Effect":"Allow","Action":["iot:Connect","iot:Subscribe"],"Resource":["arn:aws:iot:edge:000000000000:client/*","arn:aws:iot:edge:000000000000:topicfilter/bench/*"]}]}
            """;
    }
}
