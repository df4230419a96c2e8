using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>Two gateways, one above the other, as their users see them: command line on either side, and the plant's connection cut in between.</summary>
public sealed class ShadowSyncTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task TwoGateways_ChangesOnBothSides_ComeOutAlike()
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        await using var pi = await StartBelowAsync(plant);
        await UpdateAsync(pi, "lamp", "--reported", """{"on":true}""");
        await AlikeAsync(pi, plant, "lamp", null, """{"reported":{"on":true}}""");
        await UpdateAsync(plant, "lamp", "--desired", """{"on":false}""");
        await AlikeAsync(plant, pi, "lamp", null, """{"desired":{"on":false},"reported":{"on":true},"delta":{"on":false}}""");
        await UpdateAsync(plant, "lamp", "--name", "night", "--desired", """{"lux":3}""");
        await AlikeAsync(plant, pi, "lamp", "night", """{"desired":{"lux":3},"delta":{"lux":3}}""");
        Assert.Equal(0, (await pi.CliAsync("shadow", "delete", "lamp", "--name", "night")).ExitCode);
        await GoneAsync(plant, "lamp", "night");
    }

    [Fact]
    public async Task Offline_BothSidesChange_MergedWithAJournal_AndALostValueComesBack()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-plant-").FullName;
        var port = 0;
        RunningGateway? pi = null;
        try
        {
            await using (var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"], folder))
            {
                port = plant.MqttPort;
                pi = await StartBelowAsync(plant);
                await UpdateAsync(pi, "pump", "--desired", """{"rpm":100,"mode":"auto"}""", "--reported", """{"rpm":90}""");
                await AlikeAsync(pi, plant, "pump", null, """{"desired":{"mode":"auto","rpm":100},"reported":{"rpm":90},"delta":{"mode":"auto","rpm":100}}""");
            }
            await UpdateAsync(pi, "pump", "--desired", """{"rpm":110}""", "--reported", """{"rpm":95}""");
            await using (var plant = await RunningGateway.StartAsync(["gateway.name=plant"], folder))
                await UpdateAsync(plant, "pump", "--desired", """{"rpm":120}""");      // the line is still down: nobody is let in
            await using (var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true", $"listeners.mqtt.port={port}"], folder))
            {
                await pi.CliAsync("sync", "now");
                await AlikeAsync(plant, pi, "pump", null, """{"desired":{"mode":"auto","rpm":120},"reported":{"rpm":95},"delta":{"mode":"auto","rpm":120}}""");
                var entry = Assert.Single((await JsonAsync(pi, "sync", "journal", "--thing", "pump")).EnumerateArray().ToList());
                Assert.Equal(("/desired/rpm", 110, "cloud"), (entry.GetProperty("path").GetString(), entry.GetProperty("local").GetInt32(), entry.GetProperty("kept").GetString()));
                Assert.Equal(0, (await pi.CliAsync("sync", "restore", entry.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture))).ExitCode);
                await AlikeAsync(pi, plant, "pump", null, """{"desired":{"mode":"auto","rpm":110},"reported":{"rpm":95},"delta":{"mode":"auto","rpm":110}}""");
            }
        }
        finally
        {
            if (pi is not null)
                await pi.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("manual", 0)] // nothing is even noted
    [InlineData("periodic", 1)] // it waits for the end of the interval, which is far away here
    public async Task Strategy_NotRealtime_ChangesWaitUntilAsked(string strategy, int waiting)
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        await using var pi = await StartBelowAsync(plant, $"upstream.0.shadowStrategy={strategy}", "upstream.0.shadowInterval=7d");
        await UpdateAsync(pi, "lamp", "--reported", """{"n":1}""");
        await NowAsync(pi);
        await AlikeAsync(pi, plant, "lamp", null, """{"reported":{"n":1}}""");
        while ((await SummaryAsync(pi)).GetProperty("waiting").GetInt32() != 0)
            await Task.Delay(20);
        await UpdateAsync(pi, "lamp", "--reported", """{"n":2}""");
        Assert.Equal(waiting, (await SummaryAsync(pi)).GetProperty("waiting").GetInt32());
        Assert.Equal(1, (await JsonAsync(plant, "shadow", "get", "lamp")).GetProperty("state").GetProperty("reported").GetProperty("n").GetInt32());
        await NowAsync(pi);
        await AlikeAsync(pi, plant, "lamp", null, """{"reported":{"n":2}}""");
    }

    [Fact]
    public async Task Strategy_Periodic_ComesByItself()
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        await using var pi = await StartBelowAsync(plant, "upstream.0.shadowStrategy=periodic", "upstream.0.shadowInterval=1s");
        await UpdateAsync(pi, "lamp", "--reported", """{"n":1}""");
        await AlikeAsync(pi, plant, "lamp", null, """{"reported":{"n":1}}""");
    }

    [Fact]
    public async Task Groups_ChooseTheThings_AlsoThoseThatComeLater()
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        await using var pi = await StartBelowAsync(plant, "upstream.0.shadows.0.groups.0=shared");
        foreach (var thing in (string[])["lamp", "diary"])
        {
            (await pi.CliAsync("thing", "create", thing)).Succeeded();
            await UpdateAsync(pi, thing, "--reported", """{"n":1}""");
        }
        (await pi.CliAsync("group", "create", "shared")).Succeeded();
        (await pi.CliAsync("group", "add", "shared", "lamp")).Succeeded();
        await AlikeAsync(pi, plant, "lamp", null, """{"reported":{"n":1}}""");
        Assert.NotEqual(0, (await plant.CliAsync("shadow", "get", "diary")).ExitCode);
        Assert.Equal("lamp", Assert.Single((await JsonAsync(pi, "sync", "shadows")).EnumerateArray()).GetProperty("thing").GetString());
    }

    // Asked before it is connected, it would be forgotten; with a connection everything is compared anyway.
    private static async Task NowAsync(RunningGateway gateway)
    {
        while ((await SummaryAsync(gateway)).GetProperty("fault").ValueKind != JsonValueKind.Null)
            await Task.Delay(20);
        (await gateway.CliAsync("sync", "now")).Succeeded();
    }

    private static async Task<JsonElement> SummaryAsync(RunningGateway gateway) => Assert.Single((await JsonAsync(gateway, "sync", "status")).EnumerateArray().ToList());

    private static Task<RunningGateway> StartBelowAsync(RunningGateway plant, params string[] more) => RunningGateway.StartAsync(
    [
        "gateway.name=pi", "listeners.mqtt.anonymous=true", "upstream.0.name=plant", "upstream.0.kind=edgegateway", $"upstream.0.endpoint=mqtt://127.0.0.1:{plant.MqttPort}",
        "upstream.0.shadows.0.things=*", .. more,
    ]);

    private static async Task UpdateAsync(RunningGateway gateway, string thing, params string[] arguments) => (await gateway.CliAsync(["shadow", "update", thing, .. arguments])).Succeeded();

    private static async Task<JsonElement> JsonAsync(RunningGateway gateway, params string[] arguments)
    {
        using var document = JsonDocument.Parse((await gateway.CliAsync([.. arguments, "--json"])).Succeeded().Output);
        return document.RootElement.Clone();
    }

    /// <summary>Waits on the far side's <c>watch</c> until it shows the state, which the near side then has as well.</summary>
    private static async Task AlikeAsync(RunningGateway near, RunningGateway far, string thing, string? name, string state)
    {
        var query = name is null ? "" : $"?name={name}";
        using var wanted = JsonDocument.Parse(state);
        using var client = far.ControlClient();
        using var response = await client.GetAsync($"edge/v1/shadows/{thing}/watch{query}", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var last = "nothing";
        while (true)
        {
            try
            {
                last = (await lines.ReadLineAsync().WaitAsync(Patience))!;
            }
            catch (TimeoutException)
            {
                Assert.Fail($"{thing} {name}: waited for {state}, last seen {last}; {(await near.CliAsync("sync", "shadows")).Output}{(await far.CliAsync("sync", "shadows")).Output}");
            }
            using var line = JsonDocument.Parse(last);
            if (line.RootElement.TryGetProperty("state", out var seen) && IsOf(seen, line.RootElement, wanted.RootElement))
                break;
        }
        var there = await JsonAsync(near, name is null ? ["shadow", "get", thing] : ["shadow", "get", thing, "--name", name]);
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, there.GetProperty("state")), there.ToString());
    }

    private static bool IsOf(JsonElement state, JsonElement line, JsonElement wanted)
    {
        foreach (var section in (string[])["desired", "reported"])
            if (wanted.TryGetProperty(section, out var expected) != state.TryGetProperty(section, out var seen) || (seen.ValueKind != JsonValueKind.Undefined && !JsonElement.DeepEquals(expected, seen)))
                return false;
        return wanted.TryGetProperty("delta", out _) == line.TryGetProperty("delta", out _);
    }

    private static async Task GoneAsync(RunningGateway gateway, string thing, string name)
    {
        using var client = gateway.ControlClient();
        using var response = await client.GetAsync($"edge/v1/shadows/{thing}/watch?name={name}", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var read = await client.GetAsync($"edge/v1/shadows/{thing}?name={name}");
        while (read.StatusCode != System.Net.HttpStatusCode.NotFound)
        {
            using var line = JsonDocument.Parse((await lines.ReadLineAsync().WaitAsync(Patience))!);
            if (line.RootElement.GetProperty("deleted").GetBoolean())
                return;
        }
    }
}
