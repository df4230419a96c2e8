using System.Text.RegularExpressions;
using EdgeGateway.IntegrationTests.Identity;
using EdgeGateway.IntegrationTests.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests;

/// <summary>The recipes of docs/rules.md, taken from the page itself, on a whole gateway.</summary>
public sealed partial class RuleCookbookTests
{
    private const string Judge = "import json, sys\nfor line in sys.stdin:\n    r = json.loads(line)\n    print(json.dumps({'id': r['id'], 'result': {'verdict': 'high' if r['event']['temperature'] > 30 else 'fine'}}), flush=True)";

    [Theory]
    [InlineData(1, "sensors/a/telemetry", """{"temperature":31}""", "alarms/a", """{"device":"a","temperature":31}""")]
    [InlineData(2, "sensors/room/telemetry", """{"temperature":27}""", "$aws/things/fan/shadow/update/accepted", "\"on\"")]
    [InlineData(4, "sensors/oven/telemetry", """{"temperature":250}""", "alarms/limit", """{"device":"oven","temperature":""")]
    [InlineData(6, "sensors/a/telemetry", """{"temperature":20}""", "thin/a", """{"temperature":""")]
    [InlineData(8, "sensors/a/telemetry", """{"temperature":31}""", "judged", """{"temperature":31,"verdict":"high"}""")]
    [InlineData(10, "in", "{}", "errors", "LambdaAction")]
    [InlineData(11, "in/a", """{"v":1}""", "out/a", """{"v":1}""")]
    [InlineData(12, "batch/a", """{"readings":[{"v":1}]}""", "single/a", """{"device":"a","v":1}""")]
    public async Task Recipe_AsThePageHasIt_DoesWhatItSays(int recipe, string topic, string payload, string expectedTopic, string expected)
    {
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", "rules.functions.judge.command.0=python3", "rules.functions.judge.command.1=-c", $"rules.functions.judge.command.2={Judge}"]);
        await RunAsync(gateway, recipe);
        var round = 0;
        var seen = Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", expectedTopic, "-C", "1", "-W", "60"]);
        while (!seen.IsCompleted)
        {
            await RuleTests.PublishAsync(gateway, topic, payload.Replace("20", $"{20 + (10 * round++)}", StringComparison.Ordinal)); // another value each time, for the band
            await Task.WhenAny(seen, Task.Delay(200));
        }
        Assert.Contains(expected, (await seen).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipe3_Table_HoldsTheLastReading()
    {
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"]);
        await RunAsync(gateway, 3);
        await RuleTests.PublishAsync(gateway, "sensors/a/telemetry", """{"temperature":20}""");
        await RuleTests.PublishAsync(gateway, "sensors/a/telemetry", """{"temperature":21}""");
        await RuleTests.UntilAsync(async () => (await gateway.CliAsync("table", "query", "latest")).Output.Contains("21", StringComparison.Ordinal));
        Assert.Equal("""{"device":"a","temperature":21}""", (await gateway.CliAsync("table", "query", "latest")).Succeeded().Output.Trim());
        Assert.Equal("device,temperature\r\na,21", (await gateway.CliAsync("table", "export", "latest", "--format", "csv")).Succeeded().Output.Trim());
    }

    [Fact]
    public async Task Recipe13_TwoStreams_MeetWhenTheMinuteIsOver()
    {
        var time = ShiftedTime.At(new DateTimeOffset(2026, 11, 26, 12, 0, 1, TimeSpan.Zero));
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"], amend: services => services.AddSingleton<TimeProvider>(time));
        await RunAsync(gateway, 13);
        var seen = Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", "climate", "-C", "1", "-W", "60"]);
        for (var minute = 1; !seen.IsCompleted; minute++) // the subscriber may come after the first of them
        {
            await RuleTests.PublishAsync(gateway, "temperature/a", """{"device":"a","v":20}""");
            await RuleTests.PublishAsync(gateway, "humidity/a", """{"device":"a","v":50}""");
            await RuleTests.UntilAsync(async () => (await RuleTests.JsonAsync(gateway, "rule", "list"))[0].GetProperty("matched").GetInt32() == 2 * minute);
            time.StepBy(TimeSpan.FromSeconds(60));
            await Task.WhenAny(seen, Task.Delay(1000));
        }
        Assert.Contains("""{"device":"a","temperature":20,"humidity":50}""", (await seen).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "means/a", """{"device":"a","mean":25,"n":2,""")]
    [InlineData(7, "alarms/silent", """{"device":"a"}""")]
    public async Task Recipe_OfAMinute_DoesWhatItSaysWhenItIsOver(int recipe, string expectedTopic, string expected)
    {
        var time = ShiftedTime.At(new DateTimeOffset(2026, 11, 26, 12, 0, 1, TimeSpan.Zero));
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"], amend: services => services.AddSingleton<TimeProvider>(time));
        await RunAsync(gateway, recipe);
        var seen = Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", expectedTopic, "-C", "1", "-W", "60"]);
        for (var minute = 1; !seen.IsCompleted; minute++) // the subscriber may come after the first of them
        {
            foreach (var celsius in (int[])[20, 30])
                await RuleTests.PublishAsync(gateway, "sensors/a/telemetry", $$"""{"temperature":{{celsius}}}""");
            await RuleTests.UntilAsync(async () => (await RuleTests.JsonAsync(gateway, "rule", "list"))[0].GetProperty("matched").GetInt32() == 2 * minute);
            time.StepBy(TimeSpan.FromSeconds(60));
            await Task.WhenAny(seen, Task.Delay(1000));
        }
        Assert.Contains(expected, (await seen).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipe9_WebServer_GetsTheAlarm()
    {
        using var server = new MoodyServer();
        server.Up();
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", $"rules.http.trusted.0={server.Url}"]);
        await RunAsync(gateway, 9, server.Url);
        await RuleTests.PublishAsync(gateway, "alarms/a", """{"hot":true}""");
        await RuleTests.UntilAsync(() => Task.FromResult(server.Acknowledged.Count > 0));
        Assert.Equal(("/alarm", """{"hot":true}"""), server.Acknowledged[0]);
    }

    [Fact]
    public async Task EveryRecipe_WithARule_IsAccepted()
    {
        await using var gateway = await RunningGateway.StartAsync(["rules.http.trusted.0=http://127.0.0.1:9000/"]);
        foreach (var recipe in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
            await RunAsync(gateway, recipe);
        Assert.Equal(12, (await RuleTests.JsonAsync(gateway, "rule", "list")).GetArrayLength());
    }

    private static async Task RunAsync(RunningGateway gateway, int recipe, string server = "http://127.0.0.1:9000/")
    {
        foreach (var words in Commands(recipe))
        {
            if (words is ["role", ..])
            {
                await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "writer.json"), """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:edge:000000000000:topic/out/*"}]}""");
                words[^1] = Path.Combine(gateway.Folder, "writer.json");
            }
            (await gateway.CliAsync([.. words.Select(word => word.Replace("http://127.0.0.1:9000/", server, StringComparison.Ordinal))])).Succeeded();
        }
    }

    // The shell blocks of a recipe, each command as the shell would split it.
    private static List<string[]> Commands(int recipe)
    {
        var page = File.ReadAllText(Path.Combine(Programs.Repository, "docs", "rules.md"));
        var section = page[page.IndexOf($"\n## {recipe} ", StringComparison.Ordinal)..];
        var end = section.IndexOf("\n## ", 4, StringComparison.Ordinal);
        var shell = Shell().Matches(end < 0 ? section : section[..end]).Select(static match => match.Groups[1].Value);
        return [.. string.Join('\n', shell).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => Comment().Replace(line, "")).Select(Split)];
    }

    private static string[] Split(string line) =>
        [.. Word().Matches(line["edgegateway".Length..]).Select(static match => match.Groups.Values.Skip(1).First(static group => group.Success).Value)];

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex("    # .*$")]
    private static partial Regex Comment();

    [GeneratedRegex("""'([^']*)'|"([^"]*)"|(\S+)""")]
    private static partial Regex Word();
}
