using System.Text.Json;

namespace EdgeGateway.IntegrationTests;

/// <summary>Rules of a whole gateway, made and watched by the command line, fed by a real client.</summary>
public sealed class RuleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Rule_FromTheCommandLine_LivesItsLife()
    {
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"]);
        (await gateway.CliAsync("rule", "create", "hot", "--sql", "SELECT temperature AS t FROM 'in/+' WHERE temperature > 30", "--action", """{"republish":{"topic":"out/${topic(2)}","qos":1}}""")).Succeeded();
        var list = await JsonAsync(gateway, "rule", "list");
        Assert.Equal("hot", Assert.Single(list.EnumerateArray()).GetProperty("name").GetString());
        await PublishAsync(gateway, "in/a", """{"temperature":20}""");
        await PublishAsync(gateway, "in/a", """{"temperature":40}""");
        await UntilAsync(async () => (await JsonAsync(gateway, "rule", "list"))[0].GetProperty("actionsSucceeded").GetInt64() == 1);
        var recorded = await JsonAsync(gateway, "rule", "trace", "hot", "--recorded");
        Assert.Equal("temperature > 30 is false: temperature = 20", recorded[0].GetProperty("whyNot").GetString());
        Assert.True(recorded[1].GetProperty("fired").GetBoolean());

        var replay = await JsonAsync(gateway, "rule", "test", "hot", "--sql", "SELECT temperature AS t FROM 'in/+' WHERE temperature > 10");
        Assert.True(replay.GetProperty("then")[0].GetProperty("fired").GetBoolean());
        Assert.False(replay.GetProperty("now")[0].GetProperty("fired").GetBoolean());

        var replaced = await gateway.CliAsync("rule", "replace", "hot", "--sql", "SELECT temperature AS t FROM 'in/+' WHERE t > 10");
        Assert.Contains("WHERE does not see the name t", replaced.Succeeded().Errors, StringComparison.Ordinal);
        (await gateway.CliAsync("rule", "disable", "hot")).Succeeded();
        Assert.False((await JsonAsync(gateway, "rule", "list"))[0].GetProperty("enabled").GetBoolean());
        (await gateway.CliAsync("rule", "enable", "hot")).Succeeded();
        Assert.Contains("WHERE t > 10", (await gateway.CliAsync("rule", "show", "hot")).Succeeded().Output, StringComparison.Ordinal);
        (await gateway.CliAsync("rule", "delete", "hot")).Succeeded();
        Assert.Equal(1, (await gateway.CliAsync("rule", "show", "hot")).ExitCode);
    }

    [Fact]
    public async Task Rule_Wrong_IsRefusedWithItsPosition()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var refused = await gateway.CliAsync("rule", "create", "bad", "--sql", "SELECT * FRM 'a'");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("line 1, column 10", refused.Errors, StringComparison.Ordinal);
        refused = await gateway.CliAsync("rule", "create", "bad", "--sql", "SELECT * FROM 'a'", "--action", """{"kafka":{"topic":"t"}}""");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("use bridge", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await gateway.CliAsync("rule", "create", "bad")).ExitCode);
    }

    [Fact]
    public async Task RuleTrace_Following_ShowsEachMessage()
    {
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"]);
        (await gateway.CliAsync("rule", "create", "hot", "--sql", "SELECT temperature FROM 'in' WHERE temperature > 30")).Succeeded();
        var trace = Task.Run(() => gateway.CliAsync("rule", "trace", "hot", "--count", "2", "--json"));
        // The trace may begin later than the first message: publish until it has seen two.
        while (!trace.IsCompleted)
        {
            await PublishAsync(gateway, "in", """{"temperature":20}""");
            await Task.WhenAny(trace, Task.Delay(50));
        }
        var lines = (await trace.WaitAsync(Patience)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, static line => Assert.Contains("is false: temperature = 20", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sql_AskingForAShadow_IsAnsweredByTheGateway()
    {
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"]);
        await PublishAsync(gateway, "$aws/things/lamp/shadow/update", """{"state":{"reported":{"on":true}}}""");
        await UntilAsync(async () =>
        {
            var answer = await gateway.CliAsync("sql", "SELECT get_thing_shadow('lamp', 'r').state.reported.on AS lit FROM 'a'");
            return answer.Output.Trim() == """{"lit":true}""";
        });
    }

    [Fact]
    public async Task Demo_RoomWarmerThanTheThreshold_SwitchesTheFan()
    {
        await using var gateway = await RunningGateway.StartAsync(demo: true);
        (await gateway.CliAsync("rule", "show", "fan_on")).Succeeded();
        // What the room's sensor would say; the simulated room itself takes a minute to warm up.
        await PublishAsync(gateway, "sensors/room/telemetry", """{"temperature":26.5}""");
        await UntilAsync(async () =>
        {
            var answer = await gateway.CliAsync("sql", "SELECT VALUE get_thing_shadow('fan', 'r').state.reported.state FROM 'a'");
            return answer.Output.Trim() == "\"on\"";
        });
        Assert.True((await JsonAsync(gateway, "rule", "show", "fan_on")).GetProperty("status").GetProperty("fired").GetInt64() >= 1);
    }

    internal static async Task<JsonElement> JsonAsync(RunningGateway gateway, params string[] arguments)
    {
        using var document = JsonDocument.Parse((await gateway.CliAsync([.. arguments, "--json"])).Succeeded().Output);
        return document.RootElement.Clone();
    }

    internal static async Task PublishAsync(RunningGateway gateway, string topic, string payload) =>
        (await Programs.RunAsync("mosquitto_pub", ["-p", $"{gateway.MqttPort}", "-q", "1", "-t", topic, "-m", payload])).Succeeded();

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(50, patience.Token);
    }
}
