using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>Two gateways, one above the other: things, types and groups appear on both, over AWS's API with an access key.</summary>
public sealed class RegistryUpstreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _files = Directory.CreateTempSubdirectory("edgegateway-files-").FullName;

    public void Dispose() => Directory.Delete(_files, recursive: true);

    [Fact]
    public async Task TwoGateways_RegistriesComeOutAlike_CollisionsAndDeletionsAreAsked()
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        await DoneAsync(plant, "thing", "create", "fan", "--attribute", "watt=30");
        await DoneAsync(plant, "thing", "create", "door", "--attribute", "side=north");
        var key = await KeyAsync(plant);
        var folder = Path.Combine(_files, "pi");
        await using (var alone = await RunningGateway.StartAsync(["gateway.name=pi"], folder))
            await DoneAsync(alone, "thing", "create", "door", "--attribute", "side=south"); // the same name, another door
        await using var pi = await StartBelowAsync(plant, key, folder, ["registry.interval=1s"]);
        await DoneAsync(pi, "type", "create", "light", "--description", "shines");
        await DoneAsync(pi, "group", "create", "plant-a");
        await DoneAsync(pi, "group", "create", "line-1", "--parent", "plant-a", "--attribute", "kind=line");
        await DoneAsync(pi, "thing", "create", "lamp", "--type", "light", "--attribute", "watt=5");
        await DoneAsync(pi, "group", "add", "line-1", "lamp");

        await UntilAsync(pi, async () => (await ThingAsync(plant, "lamp"))?.GetProperty("attributes").GetProperty("watt").GetString() == "5" && await MembersAsync(plant, "line-1") == "lamp");
        await UntilAsync(pi, async () => (await ThingAsync(pi, "fan"))?.GetProperty("attributes").GetProperty("watt").GetString() == "30");
        Assert.Equal("plant-a", (await JsonAsync(plant, "group", "show", "line-1")).GetProperty("parentName").GetString());
        var door = Assert.Single((await JsonAsync(pi, "sync", "registry", "--state", "conflict")).EnumerateArray());
        Assert.Equal(("thing", "door", "the name is taken on both sides by entries that differ in attributes/side"), (door.GetProperty("kind").GetString(), door.GetProperty("name").GetString(), door.GetProperty("reason").GetString()));
        Assert.Equal("north", (await ThingAsync(plant, "door"))!.Value.GetProperty("attributes").GetProperty("side").GetString());

        await DoneAsync(pi, "sync", "settle", "plant", "thing", "door", "here");
        Assert.Equal("south", (await ThingAsync(plant, "door"))!.Value.GetProperty("attributes").GetProperty("side").GetString());
        await DoneAsync(plant, "thing", "update", "fan", "--attribute", "watt=40");
        await UntilAsync(pi, async () => (await ThingAsync(pi, "fan"))?.GetProperty("attributes").GetProperty("watt").GetString() == "40");
        await DoneAsync(pi, "thing", "delete", "lamp");
        await UntilAsync(pi, async () => (await JsonAsync(pi, "sync", "registry", "--state", "parked")).EnumerateArray().Any(static entry => entry.GetProperty("reason").GetString() == "it was deleted here and is still there"));
        Assert.NotNull(await ThingAsync(plant, "lamp"));
        await DoneAsync(pi, "sync", "settle", "plant", "thing", "lamp", "here");
        Assert.Null(await ThingAsync(plant, "lamp"));
        Assert.Contains("REGISTRY OF", (await pi.CliAsync("sync", "status")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_BothChangeAValue_TheJournalHasTheOneGivenUp()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-plant-").FullName;
        RunningGateway? pi = null;
        try
        {
            int port;
            await using (var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"], folder))
            {
                port = plant.HttpsPort;
                pi = await StartBelowAsync(plant, await KeyAsync(plant), "registry.interval=1s");
                await DoneAsync(pi, "thing", "create", "pump", "--attribute", "rpm=100");
                await UntilAsync(pi, async () => await ThingAsync(plant, "pump") is not null);
            }
            await DoneAsync(pi, "thing", "update", "pump", "--attribute", "rpm=110");
            await UntilAsync(pi, async () => (await JsonAsync(pi, "sync", "registry", "--json")).ValueKind == JsonValueKind.Array && (await pi.CliAsync("sync", "status")).Output.Contains("is not reached", StringComparison.Ordinal));
            await using (var plant = await RunningGateway.StartAsync(["gateway.name=plant"], folder)) // on another port: nobody sees it
                await DoneAsync(plant, "thing", "update", "pump", "--attribute", "rpm=120");
            await using (var plant = await RunningGateway.StartAsync(["gateway.name=plant", $"listeners.https.port={port}"], folder))
            {
                await DoneAsync(pi, "sync", "now");
                await UntilAsync(pi, async () => (await ThingAsync(pi, "pump"))?.GetProperty("attributes").GetProperty("rpm").GetString() == "120");
                var entry = Assert.Single((await JsonAsync(pi, "sync", "registry-journal")).EnumerateArray());
                Assert.Equal(("attributes/rpm", "110", "120", "cloud"), (entry.GetProperty("path").GetString(), entry.GetProperty("local").GetString(), entry.GetProperty("cloud").GetString(), entry.GetProperty("kept").GetString()));
            }
        }
        finally
        {
            if (pi is not null)
                await pi.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Direction_Selection_Deletes_AreKeptTo()
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        await DoneAsync(plant, "thing", "create", "theirs");
        await using var pi = await StartBelowAsync(plant, await KeyAsync(plant), "registry.interval=1s", "registry.direction=up", "registry.deletes=true", "registry.inGroups.0=shared");
        await DoneAsync(pi, "group", "create", "shared");
        await DoneAsync(pi, "thing", "create", "mine");
        await DoneAsync(pi, "thing", "create", "kept-here");
        await DoneAsync(pi, "group", "add", "shared", "mine");
        await UntilAsync(pi, async () => await MembersAsync(plant, "shared") == "mine");
        await DoneAsync(pi, "thing", "delete", "mine");
        await UntilAsync(pi, async () => await ThingAsync(plant, "mine") is null);
        await DoneAsync(pi, "sync", "now");
        Assert.Null(await ThingAsync(plant, "kept-here"));
        Assert.Null(await ThingAsync(pi, "theirs"));
    }

    [Fact]
    public async Task Refused_EachWithItsOwnWords()
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        var (id, _) = await KeyAsync(plant);
        await File.WriteAllTextAsync(Path.Combine(_files, "secret"), "not the secret");
        await using (var wrong = await StartBelowAsync(plant, (id, null)))
            await UntilAsync(wrong, async () => (await FaultAsync(wrong)).StartsWith("the upstream: ", StringComparison.Ordinal));
        await using (var blind = await StartBelowAsync(plant, (id, null), "registry.ca=" + Path.Combine(_files, "other.pem")))
            await UntilAsync(blind, async () => (await FaultAsync(blind)).Contains("other.pem", StringComparison.Ordinal));
        await using (var lost = await StartBelowAsync(plant, (id, null), "registry.endpoint=https://localhost:9"))
            await UntilAsync(lost, async () => (await FaultAsync(lost)).StartsWith("its API at localhost:9 is not reached", StringComparison.Ordinal));
    }

    private Task<RunningGateway> StartBelowAsync(RunningGateway plant, (string Id, string? Secret) key, params string[] more) => StartBelowAsync(plant, key, folder: null, more);

    private Task<RunningGateway> StartBelowAsync(RunningGateway plant, (string Id, string? Secret) key, string? folder, string[] more)
    {
        if (key.Secret is { } secret)
            File.WriteAllText(Path.Combine(_files, "secret"), secret + "\n");
        return RunningGateway.StartAsync(
        [
            "gateway.name=pi", "listeners.mqtt.anonymous=true", "upstream.0.name=plant", "upstream.0.kind=edgegateway", $"upstream.0.endpoint=mqtt://127.0.0.1:{plant.MqttPort}",
            $"upstream.0.registry.endpoint=https://localhost:{plant.HttpsPort}", $"upstream.0.registry.ca={Path.Combine(plant.Folder, "ca", "ca.pem")}", $"upstream.0.registry.accessKeyId={key.Id}",
            $"upstream.0.registry.secretKeyFile={Path.Combine(_files, "secret")}", "upstream.0.registry.rate=0", .. more.Select(static setting => $"upstream.0.{setting}"),
        ],
        folder);
    }

    private static async Task<(string Id, string? Secret)> KeyAsync(RunningGateway gateway)
    {
        var key = await JsonAsync(gateway, "access-key", "create", "--owner", "pi", "--role", "administrator");
        return (key.GetProperty("accessKeyId").GetString()!, key.GetProperty("secretAccessKey").GetString());
    }

    private static async Task<string> FaultAsync(RunningGateway gateway)
    {
        using var client = gateway.ControlClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync("edge/v1/sync/registry/upstreams"));
        return document.RootElement[0].GetProperty("fault").GetString() ?? "";
    }

    private static async Task<JsonElement?> ThingAsync(RunningGateway gateway, string name)
    {
        using var client = gateway.ControlClient();
        using var answer = await client.GetAsync($"edge/v1/things/{name}");
        return answer.IsSuccessStatusCode ? JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()) : null;
    }

    private static async Task<string> MembersAsync(RunningGateway gateway, string group)
    {
        var result = await gateway.CliAsync("group", "things", group, "--json");
        return result.ExitCode == 0 ? string.Join(' ', JsonElement.Parse(result.Output).EnumerateArray().Select(static member => member.ValueKind == JsonValueKind.String ? member.GetString() : member.GetProperty("name").GetString())) : "";
    }

    private static async Task DoneAsync(RunningGateway gateway, params string[] arguments) => (await gateway.CliAsync(arguments)).Succeeded();

    private static async Task<JsonElement> JsonAsync(RunningGateway gateway, params string[] arguments) => JsonElement.Parse((await gateway.CliAsync([.. arguments.Except(["--json"]), "--json"])).Succeeded().Output);

    // The round that brings it has no event of its own.
    private static async Task UntilAsync(RunningGateway pi, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail((await pi.CliAsync("sync", "status")).Output + (await pi.CliAsync("sync", "registry")).Output);
            await Task.Delay(100, CancellationToken.None);
        }
    }
}
