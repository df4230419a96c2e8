using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Rules;

/// <summary>Store and forward to a real server, by real clients, over a killed gateway.</summary>
public sealed class DeliveryTests
{
    private const int Keys = 5, PerPhase = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Server_DownSlowFailingThenUp_AndGatewayKilled_GetsAllInOrderPerKey_NoneTwice()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        using var server = new MoodyServer();
        string[] settings = ["--set", "listeners.mqtt.anonymous=true", "--set", $"rules.http.trusted.0={server.Url}", "--set", "rules.delivery.mode=store"];
        try
        {
            await using (var first = await GatewayProcess.StartAsync(folder, settings))
            {
                await CliAsync(folder, "rule", "create", "hook", "--sql", "SELECT v FROM 'in/+'", "--action", $$$"""{"http":{"url":"{{{server.Url}}}${topic(2)}","confirmationUrl":"{{{server.Url}}}"} }""");
                server.Up();
                await PublishAsync(first, phase: 0);
                await UntilAsync(folder, static queue => queue.GetProperty("delivered").GetInt64() == PerPhase * Keys);
                server.Down();
                await PublishAsync(first, phase: 1); // what is acknowledged is safe, whatever comes
                await first.KillAsync();
            }
            await using (var second = await GatewayProcess.StartAsync(folder, settings))
            {
                await UntilAsync(folder, static queue => queue.GetProperty("waiting").GetInt32() == PerPhase * Keys);
                server.Up(500);
                await PublishAsync(second, phase: 2);
                await UntilAsync(folder, static queue => queue.GetProperty("state").GetString() == "down" && queue.GetProperty("lastError").GetString()!.Contains("500", StringComparison.Ordinal));
                await second.KillAsync();
            }
            server.Hold(); // takes requests and does not answer
            server.Up();
            await using var third = await GatewayProcess.StartAsync(folder, settings);
            await PublishAsync(third, phase: 3);
            await UntilAsync(folder, queue => queue.GetProperty("waiting").GetInt32() == 3 * PerPhase * Keys && queue.GetProperty("underWay").GetInt32() > 0);
            server.Release();
            await UntilAsync(folder, static queue => queue.GetProperty("waiting").GetInt32() == 0);
            var byKey = server.Acknowledged.ToLookup(static request => request.Path, static request => request.Body);
            Assert.Equal(Keys, byKey.Count);
            Assert.All(byKey, static key => Assert.Equal(Enumerable.Range(0, 4 * PerPhase).Select(static v => $$"""{"v":{{v}}}"""), key));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task KilledWhileItSends_AgainAndAgain_LosesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        using var server = new MoodyServer();
        server.Up();
        string[] settings = ["--set", "listeners.mqtt.anonymous=true", "--set", $"rules.http.trusted.0={server.Url}", "--set", "rules.delivery.mode=store"];
        try
        {
            for (var phase = 0; phase < 3; phase++)
            {
                await using var gateway = await GatewayProcess.StartAsync(folder, settings);
                if (phase == 0)
                    await CliAsync(folder, "rule", "create", "hook", "--sql", "SELECT v FROM 'in/+'", "--action", $$$"""{"http":{"url":"{{{server.Url}}}${topic(2)}","confirmationUrl":"{{{server.Url}}}"} }""");
                await PublishAsync(gateway, phase);
                await gateway.KillAsync();
            }
            await using var last = await GatewayProcess.StartAsync(folder, settings);
            await UntilAsync(folder, static queue => queue.GetProperty("waiting").GetInt32() == 0 && queue.GetProperty("underWay").GetInt32() == 0);
            foreach (var key in server.Acknowledged.GroupBy(static request => request.Path, static request => request.Body))
            {
                var once = key.Distinct().ToList();
                Assert.Equal(Enumerable.Range(0, 3 * PerPhase).Select(static v => $$"""{"v":{{v}}}"""), once);
                Assert.InRange(key.Count() - once.Count, 0, 3); // at most the one that was under way at each kill
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task DeadLetters_AreListed_SentAgain_AndDiscarded_FromTheShell()
    {
        using var server = new MoodyServer();
        server.Up(404);
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", $"rules.http.trusted.0={server.Url}"]);
        (await gateway.CliAsync("rule", "create", "hook", "--sql", "SELECT v FROM 'in/+'", "--action", $$$"""{"http":{"url":"{{{server.Url}}}x","delivery":{"mode":"store"} } }""")).Succeeded();
        foreach (var v in (int[])[1, 2])
            await RuleTests.PublishAsync(gateway, "in/a", $$"""{"v":{{v}}}""");
        await RuleTests.UntilAsync(async () => (await RuleTests.JsonAsync(gateway, "delivery", "dead-letters")).GetArrayLength() == 2);
        var letter = (await RuleTests.JsonAsync(gateway, "delivery", "dead-letters", "--rule", "hook"))[1];
        Assert.Equal("it answered 404", letter.GetProperty("error").GetString());
        server.Up();
        Assert.Equal(1, (await RuleTests.JsonAsync(gateway, "delivery", "resend", "--id", letter.GetProperty("id").GetRawText())).GetProperty("count").GetInt32());
        await RuleTests.UntilAsync(() => Task.FromResult(server.Acknowledged.Count == 1));
        Assert.Equal("""{"v":1}""", server.Acknowledged[0].Body);
        Assert.Contains("1 discarded", (await gateway.CliAsync("delivery", "discard", "--rule", "hook")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(2, (await gateway.CliAsync("delivery", "discard")).ExitCode);
        Assert.Contains("hook", (await gateway.CliAsync("delivery", "list")).Succeeded().Output, StringComparison.Ordinal);
    }

    // One client a key, each acknowledged message after the other.
    private static Task PublishAsync(GatewayProcess gateway, int phase) => Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
    {
        var lines = string.Concat(Enumerable.Range(phase * PerPhase, PerPhase).Select(static v => $$"""{"v":{{v}}}""" + "\n"));
        (await Programs.RunAsync("mosquitto_pub", ["-p", gateway.MqttPort.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", $"in/k{key}", "-l"], input: lines)).Succeeded();
    }));

    private static async Task UntilAsync(string folder, Func<JsonElement, bool> condition)
    {
        using var client = ControlClient(folder);
        using var patience = new CancellationTokenSource(Patience);
        var last = "";
        while (true)
        {
            last = await client.GetStringAsync("edge/v1/deliveries", CancellationToken.None);
            using var document = JsonDocument.Parse(last);
            if (document.RootElement.GetArrayLength() > 0 && condition(document.RootElement[0]))
                return;
            Assert.False(patience.IsCancellationRequested, last);
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static HttpClient ControlClient(string folder) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, token) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(Api.ControlSocketPath.For(folder, out _)), token);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    }) { BaseAddress = new("http://localhost/") };

    private static async Task CliAsync(string folder, params string[] arguments) => (await GatewayProcess.RunAsync([.. arguments, "--data", folder])).Succeeded();
}
