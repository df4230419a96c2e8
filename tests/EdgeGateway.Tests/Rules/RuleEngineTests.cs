using System.Text;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Rules;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Rules;

public sealed class RuleEngineTests
{
    private const string ToOut = """{"republish":{"roleArn":"arn:aws:iam::123456789012:role/r","topic":"out/${topic(2)}","qos":1}}""";

    private static string Text(ApplicationMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    [Fact]
    public async Task Message_Matching_IsRepublishedWithTheRulesOrigin()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("hot", "SELECT temperature AS t, clientid() AS c FROM 'in/+' WHERE temperature > 30", ToOut);
        host.Bus.Publish("in/a", """{"temperature":20}""");
        host.Bus.Publish("in/b", """{"temperature":40}""");
        var message = await host.Bus.NextAsync("out/b");
        Assert.Equal("""{"t":40,"c":"device-1"}""", Text(message));
        Assert.Equal(new MessageOrigin("rule:hot", 1), message.Origin);
        Assert.Equal(QualityOfService.AtLeastOnce, message.QualityOfService);
        var status = await host.WhenAsync("hot", status => status.ActionsSucceeded == 1);
        Assert.Equal((2, 1, 0, 0), (status.Matched, status.Fired, status.Failed, status.Dropped));
        Assert.NotNull(status.LastFiredAt);
        Assert.True(status.EvaluationTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task Rule_ReplacedDisabledDeleted_TakesEffectOnTheNextMessage()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("r", "SELECT 1 AS v FROM 'in/+'", ToOut);
        host.Bus.Publish("in/a", "{}");
        Assert.Null(await host.Engine.ReplaceAsync("r", RuleTestHost.Definition("SELECT 2 AS v FROM 'other/+'", ToOut), default));
        host.Bus.Publish("in/a", "{}");
        host.Bus.Publish("other/a", "{}");
        Assert.Equal("""{"v":1}""", Text(await host.Bus.NextAsync("out/a")));
        Assert.Equal("""{"v":2}""", Text(await host.Bus.NextAsync("out/a")));
        Assert.Null(await host.Engine.SetEnabledAsync("r", false, default));
        Assert.True(host.Engine.Find("r")!.Definition.RuleDisabled);
        host.Bus.Publish("other/a", "{}");
        Assert.Null(await host.Engine.SetEnabledAsync("r", true, default));
        host.Bus.Publish("other/b", "{}");
        await host.Bus.NextAsync("out/b");
        Assert.Equal(3, host.Engine.StatusOf("r")!.Matched);
        Assert.Null(await host.Engine.DeleteAsync("r", default));
        Assert.Null(host.Engine.Find("r"));
        Assert.Equal(1, host.Bus.Subscriptions); // Basic Ingest's own
    }

    [Fact]
    public async Task Rule_ReplacedUnderLoad_MissesNothingAndTakesNothingTwice()
    {
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { QueueLength = 100_000, EvaluationTime = TimeSpan.FromSeconds(10) });
        await host.CreateAsync("r", "SELECT n FROM 'in/+'");
        const int count = 20_000;
        var publisher = Task.Run(() =>
        {
            for (var i = 0; i < count; i++)
                host.Bus.Publish("in/a", $$"""{"n":{{i}}}""");
        });
        var filters = new[] { "in/#", "in/a", "+/a", "in/+" };
        for (var i = 0; !publisher.IsCompleted; i++)
            Assert.Null(await host.Engine.ReplaceAsync("r", RuleTestHost.Definition($"SELECT n FROM '{filters[i % 4]}'"), default));
        await publisher;
        Assert.Equal(count, host.Engine.StatusOf("r")!.Matched);
        await host.WhenAsync("r", status => status.Fired == count);
    }

    [Fact]
    public async Task Rules_AfterRestart_AreThereWithTheirActionsUnchanged()
    {
        await using var host = await RuleTestHost.StartAsync();
        var json = """{"sql":"SELECT * FROM 'in/+'","ruleDisabled":false,"awsIotSqlVersion":"2016-03-23","description":"d","actions":[{"republish":{"roleArn":"r","topic":"out/x"}}],"errorAction":{"republish":{"roleArn":"r","topic":"err"}}}""";
        var definition = RuleJson.Parse(Encoding.UTF8.GetBytes(json), out _)!;
        Assert.Null(await host.Engine.CreateAsync("kept", definition, default));
        var before = host.Engine.Find("kept")!;
        await host.RestartAsync();
        var after = host.Engine.Find("kept")!;
        Assert.Equal(before.CreatedAt.ToUnixTimeMilliseconds(), after.CreatedAt.ToUnixTimeMilliseconds());
        Assert.Equal(definition.Actions, after.Definition.Actions);
        Assert.Equal(definition.ErrorAction, after.Definition.ErrorAction);
        host.Bus.Publish("in/a", """{"a":1}""");
        Assert.Equal("""{"a":1}""", Text(await host.Bus.NextAsync("out/x")));
    }

    [Fact]
    public async Task BasicIngest_GoesToItsRuleAloneWithTheRestOfTheTopic()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("direct", "SELECT topic() AS t, v", """{"republish":{"topic":"out/direct"}}""");
        await host.CreateAsync("all", "SELECT * FROM '$aws/#'", """{"republish":{"topic":"out/all"}}""");
        host.Bus.Publish("$aws/rules/nobody/x", "{}");
        host.Bus.Publish("$aws/rules/direct/site/1", """{"v":7}""");
        Assert.Equal("""{"t":"site/1","v":7}""", Text(await host.Bus.NextAsync("out/direct")));
        Assert.Equal(0, host.Engine.StatusOf("all")!.Matched);
    }

    [Fact]
    public async Task Rule_ThatFeedsItself_EndsAtTheLimit()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("loop", "SELECT * FROM 'loop'", """{"republish":{"topic":"loop"}}""");
        host.Bus.Publish("loop", "{}");
        var status = await host.WhenAsync("loop", status => status.Failed > 0);
        Assert.Equal(9, status.Matched); // the first and eight hops
        Assert.Contains("feed each other", status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailingAction_RunsTheErrorActionOnceWithAwsDocument()
    {
        await using var host = await RuleTestHost.StartAsync();
        var definition = RuleTestHost.Definition("SELECT * FROM 'in/a'", """{"republish":{"topic":"out/${missing}${n}"}}""", """{"republish":{"topic":"${none}"}}""", """{"dynamoDBv2":{"putItem":{"tableName":"absent"}}}""")
            with { ErrorAction = """{"republish":{"topic":"errors/${topic(2)}"}}""" };
        Assert.Null(await host.Engine.CreateAsync("broken", definition, default));
        host.Bus.Publish("in/a", """{"n":"#"}""");
        var document = JsonDocument.Parse((await host.Bus.NextAsync("errors/a")).Payload).RootElement;
        Assert.Equal("broken", document.GetProperty("ruleName").GetString());
        Assert.Equal("in/a", document.GetProperty("topic").GetString());
        Assert.Equal("device-1", document.GetProperty("clientId").GetString());
        Assert.Equal("""{"n":"#"}""", Encoding.UTF8.GetString(document.GetProperty("base64OriginalPayload").GetBytesFromBase64()));
        Assert.True(Guid.TryParse(document.GetProperty("cloudwatchTraceId").GetString(), out _));
        var failures = document.GetProperty("failures").EnumerateArray().ToArray();
        Assert.Equal(["RepublishAction", "RepublishAction", "DynamoDBv2Action"], failures.Select(failure => failure.GetProperty("failedAction").GetString()));
        Assert.Equal("out/#", failures[0].GetProperty("failedResource").GetString());
        Assert.Equal("absent", failures[2].GetProperty("failedResource").GetString());
        Assert.Contains("there is no table absent", failures[2].GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, host.Engine.StatusOf("broken")!.Failed);
    }

    [Fact]
    public async Task FailedFunction_RunsNoActionButTheErrorAction()
    {
        await using var host = await RuleTestHost.StartAsync();
        var definition = RuleTestHost.Definition("SELECT get_dynamodb('nowhere', 'k', 'v', 'r') AS x FROM 'in/a'", """{"republish":{"topic":"out"}}""")
            with { ErrorAction = """{"republish":{"topic":"errors"}}""" };
        Assert.Null(await host.Engine.CreateAsync("r", definition, default));
        host.Bus.Publish("in/a", "{}");
        var failure = JsonDocument.Parse((await host.Bus.NextAsync("errors")).Payload).RootElement.GetProperty("failures")[0];
        Assert.Equal("get_dynamodb", failure.GetProperty("failedAction").GetString());
        Assert.Equal(0, host.Engine.StatusOf("r")!.ActionsSucceeded - 1); // the error action
    }

    [Fact]
    public async Task RecoverableFailure_IsTriedAgainAfterAPause()
    {
        var time = new FakeTimeProvider();
        await using var host = await RuleTestHost.StartAsync(time);
        await host.CreateAsync("r", "SELECT * FROM 'in/a'", """{"republish":{"topic":"out"}}""");
        host.Bus.Answer(PublishOutcome.Refused, PublishOutcome.Refused);
        host.Bus.Publish("in/a", """{"a":1}""");
        var arrived = host.Bus.NextAsync("out");
        while (!arrived.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(arrived, Task.Delay(1));
        }
        Assert.Equal("""{"a":1}""", Text(await arrived));
        var status = await host.WhenAsync("r", status => status.ActionsSucceeded == 1);
        Assert.Equal(0, status.Failed);
    }

    [Fact]
    public async Task Create_RuleThatIsWrong_SaysWhy()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("there", "SELECT * FROM 'a'");

        await AssertRefused("no-hyphen", RuleTestHost.Definition("SELECT * FROM 'a'"), RuleErrorKind.InvalidRequest, "letters, digits and underscores");
        await AssertRefused("there", RuleTestHost.Definition("SELECT * FROM 'a'"), RuleErrorKind.AlreadyExists, "already");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FRM 'a'"), RuleErrorKind.SqlParse, "line 1, column 10");
        await AssertRefused("r", RuleTestHost.Definition("SELECT [1] AS a FROM 'a'") with { AwsIotSqlVersion = null }, RuleErrorKind.SqlParse, "2015-10-08");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'") with { AwsIotSqlVersion = "2020-01-01" }, RuleErrorKind.InvalidRequest, "2016-03-23");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'", """{"s4":{"bucketName":"b","key":"k"}}"""), RuleErrorKind.InvalidRequest, "there are republish, dynamoDB");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'", """{"kafka":{}}"""), RuleErrorKind.InvalidRequest, "natively");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'", """{"republish":{"topic":"a/+"}}"""), RuleErrorKind.InvalidRequest, "no topic to publish to");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'", """{"republish":{"topic":"a/${b"}}"""), RuleErrorKind.SqlParse, "actions[0].republish.topic");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'", """{"republish":{"topic":"a","colour":"red"}}"""), RuleErrorKind.InvalidRequest, "colour is not a parameter");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'", """{"republish":{},"s3":{}}"""), RuleErrorKind.InvalidRequest, "one key");
        await AssertRefused("r", RuleTestHost.Definition("SELECT * FROM 'a'", [.. Enumerable.Repeat(ToOut, 11)]), RuleErrorKind.InvalidRequest, "at most 10");
        Assert.Equal(RuleErrorKind.NotFound, (await host.Engine.DeleteAsync("absent", default))!.Kind);

        async Task AssertRefused(string name, RuleDefinition definition, RuleErrorKind kind, string message)
        {
            var error = await host.Engine.CreateAsync(name, definition, default);
            Assert.Equal(kind, error?.Kind);
            Assert.Contains(message, error!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Republish_Headers_BecomeMqttProperties()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("r", "SELECT * FROM 'in/a'", """
            {"republish":{"topic":"$$aws/things/lamp/shadow/update","retain":true,"headers":{"payloadFormatIndicator":"UTF8_DATA","contentType":"application/${kind}",
              "responseTopic":"answers/${topic(2)}","correlationData":"${encode('x', 'base64')}","messageExpiry":"${ttl}","userProperties":[{"key":"k","value":"${ttl}"}]}}}
            """);
        host.Bus.Publish("in/a", """{"kind":"json","ttl":60}""");
        var message = await host.Bus.NextAsync("$aws/things/lamp/shadow/update");
        Assert.True(message.Retain);
        var properties = message.Properties!;
        Assert.True(properties.PayloadIsUtf8);
        Assert.Equal(("application/json", "answers/a", 60u), (properties.ContentType, properties.ResponseTopic, properties.MessageExpirySeconds));
        Assert.Equal("x"u8.ToArray(), properties.CorrelationData!.Value.ToArray());
        Assert.Equal([KeyValuePair.Create("k", "60")], properties.UserProperties);
    }

    [Theory]
    [InlineData("""{"output":{"name":"fan","state":"on"}}""", "$aws/things/fan/shadow/update", """{"state":{"desired":{"state":"on"}}}""")]
    [InlineData("""{"output":{"name":"${room}-fan","level":"${x / 10}"}}""", "$aws/things/attic-fan/shadow/update", """{"state":{"desired":{"level":0.5}}}""")]
    [InlineData("""{"output":{"name":"fan"}}""", "$aws/things/fan/shadow/update", """{"state":{"desired":{"x":5,"room":"attic"}}}""")]
    [InlineData("""{"shadow":{"thingName":"lamp","shadowName":"night","part":"reported"}}""", "$aws/things/lamp/shadow/name/night/update", """{"state":{"reported":{"x":5,"room":"attic"}}}""")]
    public async Task ShadowAndOutput_PublishTheUpdateADeviceWould(string action, string topic, string payload)
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("r", "SELECT * FROM 'in/a'", action);
        host.Bus.Publish("in/a", """{"x":5,"room":"attic"}""");
        Assert.Equal(payload, Text(await host.Bus.NextAsync(topic)));
    }

    [Fact]
    public async Task FullQueue_DropsAndCountsWithoutHoldingThePublisher()
    {
        // Actions that never end: the loop waits behind MessagesInFlight of them, so the queue fills.
        var time = new FakeTimeProvider();
        await using var host = await RuleTestHost.StartAsync(time, new RulesOptions { QueueLength = 10, MessagesInFlight = 1 });
        await host.CreateAsync("slow", "SELECT * FROM 'in/a'", """{"republish":{"topic":"out"}}""");
        host.Bus.Answer([.. Enumerable.Repeat(PublishOutcome.Refused, 1000)]);
        for (var i = 0; i < 100; i++)
            host.Bus.Publish("in/a", "{}");
        var status = host.Engine.StatusOf("slow")!;
        Assert.Equal(100, status.Matched);
        Assert.InRange(status.Dropped, 80, 90);
        time.Advance(TimeSpan.FromHours(1)); // lets the stop give up what is left
        var stop = host.Engine.StopAsync(default);
        while (!stop.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(stop, Task.Delay(1));
        }
        await stop;
    }

    [Fact]
    public async Task Files_OfTheConfiguration_AreRulesThatTheApiLeavesAlone()
    {
        var folder = Directory.CreateTempSubdirectory("rules-files-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "plain.sql"), "SELECT [1] AS a\nFROM 'plain'\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "paired.sql"), "SELECT a FROM 'paired'");
            await File.WriteAllTextAsync(Path.Combine(folder, "paired.yaml"), "awsIotSqlVersion: '2016-03-23'\nactions:\n  - republish: { topic: out/paired, qos: 1 }\n");
            var tree = ConfigurationTree.Parse("rules:\n  define:\n    inline:\n      sql: SELECT * FROM 'inline'\n      actions: [ { output: { name: fan, state: 'on' } } ]\n");
            var section = tree.Root.Section("rules");
            var files = RuleFiles.Read(section, folder);
            Assert.Empty(tree.Faults());
            await using var host = await RuleTestHost.StartAsync(files: files);
            Assert.Equal(["inline", "paired", "plain"], host.Engine.All.Select(rule => rule.Name));
            host.Bus.Publish("paired", """{"a":1}""");
            Assert.Equal("""{"a":1}""", Text(await host.Bus.NextAsync("out/paired")));
            Assert.Equal(RuleErrorKind.Conflict, (await host.Engine.DeleteAsync("paired", default))!.Kind);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Files_WithFaults_NameEachWithItsPlace()
    {
        var folder = Directory.CreateTempSubdirectory("rules-files-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "bad-name.sql"), "SELECT * FROM 'a'");
            File.WriteAllText(Path.Combine(folder, "broken.sql"), "SELECT *\nFORM 'a'");
            File.WriteAllText(Path.Combine(folder, "nosql.yaml"), "actions: []");
            File.WriteAllText(Path.Combine(folder, "noyaml.yaml"), "a: [");
            var tree = ConfigurationTree.Parse("rules: {}");
            Assert.Empty(RuleFiles.Read(tree.Root.Section("rules"), folder));
            var faults = string.Join('\n', tree.Faults());
            Assert.Contains("bad-name is not a rule name", faults, StringComparison.Ordinal);
            Assert.Contains("broken.sql: sql: line 2, column 1", faults, StringComparison.Ordinal);
            Assert.Contains("nosql.yaml: sql is missing", faults, StringComparison.Ordinal);
            Assert.Contains("noyaml.yaml:", faults, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
