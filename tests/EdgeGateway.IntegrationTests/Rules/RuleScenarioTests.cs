using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Rules;

/// <summary>The scenario rules are for, with real clients: filter, insert, update, query, call a function, and lose the permission.</summary>
public sealed class RuleScenarioTests
{
    private const string Judge = "import json, sys\nfor line in sys.stdin:\n    r = json.loads(line)\n    open(sys.argv[1], 'a').write(json.dumps(r['event']) + '\\n')\n    print(json.dumps({'id': r['id'], 'result': {}}), flush=True)";

    [Fact]
    public async Task Device_Publishes_ARuleFiltersInsertsAndUpdates_AnotherQueries_AFunctionIsCalled_TheRoleIsTakenAway()
    {
        var called = Path.Combine(Path.GetTempPath(), $"called-{Guid.NewGuid():N}");
        await using var gateway = await RunningGateway.StartAsync(
        [
            "listeners.mqtt.anonymous=true", "rules.functions.judge.command.0=python3", "rules.functions.judge.command.1=-uc", $"rules.functions.judge.command.2={Judge}", $"rules.functions.judge.command.3={called}",
        ]);
        var role = Path.Combine(gateway.Folder, "role.json");
        await File.WriteAllTextAsync(role, """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:*","lambda:InvokeFunction","iot:Publish"],"Resource":"*"}]}""");
        await CliAsync(gateway, "role", "put", "keeper", "--document", role);
        const string Arn = "\"roleArn\":\"arn:aws:iam::000000000000:role/keeper\"";
        // Inserts what is warm; updates one member of the same row; calls a function with the selected properties.
        await CliAsync(
            gateway, "rule", "create", "keep", "--sql", "SELECT topic(2) AS device, temperature, room FROM 'sensors/+/telemetry' WHERE temperature > 20",
            "--action", $$"""{"dynamoDB":{ {{Arn}},"tableName":"rooms","hashKeyField":"device","hashKeyValue":"${topic(2)}","payloadField":"reading"} }""",
            "--action", """{"lambda":{"functionArn":"arn:aws:lambda:edge:000000000000:function:judge"}}""",
            "--error-action", """{"republish":{"topic":"errors","qos":1}}""");
        await CliAsync(
            gateway, "rule", "create", "mark", "--sql", "SELECT 'seen' AS state FROM 'sensors/+/seen'",
            "--action", $$"""{"dynamoDB":{ {{Arn}},"tableName":"rooms","hashKeyField":"device","hashKeyValue":"${topic(2)}","payloadField":"mark","operation":"UPDATE"} }""");
        await CliAsync(
            gateway, "rule", "create", "ask", "--sql", "SELECT get_dynamodb('rooms', 'device', topic(2), 'keeper').reading.temperature AS last FROM 'ask/+'",
            "--action", $$"""{"republish":{ {{Arn}},"topic":"answer/${topic(2)}","qos":1} }""");

        await RuleTests.PublishAsync(gateway, "sensors/a/telemetry", """{"temperature":12,"room":"cellar","secret":1}""");
        await RuleTests.PublishAsync(gateway, "sensors/a/telemetry", """{"temperature":25,"room":"attic","secret":1}""");
        await RuleTests.UntilAsync(async () => (await CliAsync(gateway, "table", "list")).Contains("rooms", StringComparison.Ordinal));
        await RuleTests.PublishAsync(gateway, "sensors/a/seen", "{}");
        await RuleTests.UntilAsync(async () => (await CliAsync(gateway, "table", "query", "rooms")).Contains("mark", StringComparison.Ordinal));
        Assert.Equal("""{"device":"a","reading":{"device":"a","temperature":25,"room":"attic"},"mark":{"state":"seen"}}""", (await CliAsync(gateway, "table", "query", "rooms")).Trim());
        Assert.Equal("""{"last":25}""", await AnswerAsync(gateway, "ask/a", "answer/a"));
        await RuleTests.UntilAsync(() => Task.FromResult(File.Exists(called) && File.ReadAllText(called).Length > 0));
        Assert.Equal("""{"device": "a", "temperature": 25, "room": "attic"}""", (await File.ReadAllTextAsync(called)).Trim()); // not what was cold, not what was not selected

        await CliAsync(gateway, "role", "delete", "keeper");
        var errors = Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-q", "1", "-t", "errors", "-C", "1", "-W", "60"]);
        while (!errors.IsCompleted)
        {
            await RuleTests.PublishAsync(gateway, "sensors/b/telemetry", """{"temperature":30}""");
            await Task.WhenAny(errors, Task.Delay(200));
        }
        using var document = JsonDocument.Parse((await errors).Succeeded().Output);
        var failure = document.RootElement.GetProperty("failures")[0];
        Assert.Equal(("keep", "DynamoAction", "AccessDenied"), (document.RootElement.GetProperty("ruleName").GetString(), failure.GetProperty("failedAction").GetString(), failure.GetProperty("code").GetString()));
        Assert.Contains("the role keeper was taken away", failure.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"b\"", await CliAsync(gateway, "table", "query", "rooms"), StringComparison.Ordinal);
        File.Delete(called);
    }

    private static async Task<string> AnswerAsync(RunningGateway gateway, string topic, string answer)
    {
        var seen = Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", answer, "-C", "1", "-W", "60"]);
        while (!seen.IsCompleted)
        {
            await RuleTests.PublishAsync(gateway, topic, "{}");
            await Task.WhenAny(seen, Task.Delay(200));
        }
        return (await seen).Succeeded().Output.Trim();
    }

    private static async Task<string> CliAsync(RunningGateway gateway, params string[] arguments) => (await gateway.CliAsync(arguments)).Succeeded().Output;
}
