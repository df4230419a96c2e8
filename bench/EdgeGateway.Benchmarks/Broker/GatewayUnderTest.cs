using System.Diagnostics;
using System.Globalization;
using EdgeGateway.Hosting;
using EdgeGateway.Identity.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>The whole gateway as <c>serve</c> composes it, whose anonymous clients have a policy of ten statements.</summary>
internal sealed class GatewayUnderTest : BrokerUnderTest
{
    private const string PolicyName = "bench";
    private readonly string _folder;

    private GatewayUnderTest(Process process, int port, string folder) : base("gateway", process, port) => _folder = folder;

    public static async Task<GatewayUnderTest> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("bench-gateway-").FullName;
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
        return new(process, await port.Task, folder);
    }

    /// <summary>Runs until it is killed, or whoever started it has gone.</summary>
    public static async Task<int> ServeAsync(string folder)
    {
        var options = new ServeOptions
        {
            DataFolder = folder,
            Settings =
            [
                "listeners.mqtt.port=0", "listeners.mqtt.anonymous=true", $"listeners.mqtt.policy={PolicyName}",
                "listeners.mqtts.port=-1", "listeners.https.port=-1", "listeners.http.port=-1", "broker.connectRate=0",
            ],
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

    private static string TenStatements()
    {
        var others = string.Concat(Enumerable.Range(0, 8).Select(static n => $$"""{"Effect":"Allow","Action":["iot:Publish","iot:Receive"],"Resource":"arn:aws:iot:edge:000000000000:topic/other{{n}}/*"},"""));
        return $$"""
            {"Version":"2012-10-17","Statement":[{{others}}
            {"Effect":"Allow","Action":["iot:Publish","iot:Receive","iot:RetainPublish"],"Resource":"arn:aws:iot:edge:000000000000:topic/bench/*"},
            {"Effect":"Allow","Action":["iot:Connect","iot:Subscribe"],"Resource":["arn:aws:iot:edge:000000000000:client/*","arn:aws:iot:edge:000000000000:topicfilter/bench/*"]}]}
            """;
    }
}
