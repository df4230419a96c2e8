using System.Text;
using System.Text.Json;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Roles;
using EdgeGateway.Rules.Series;
using Xunit;

namespace EdgeGateway.Tests.Rules.Actions;

/// <summary>AWS's actions with what they mean here, each with AWS's own JSON.</summary>
public sealed class LocalActionTests
{
    private const string Role = "\"roleArn\":\"arn:aws:iam::123456789012:role/any\"";

    [Fact]
    public async Task S3_WritesTheObject_ReplacesIt_AndAppendsWhereAsked()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("put", "SELECT * FROM 'in/+'", $$$"""{"s3":{ {{{Role}}},"bucketName":"readings","key":"${topic(2)}/last.json","cannedAcl":"private"} }""");
        await host.CreateAsync("append", "SELECT v FROM 'in/+'", $$$"""{"s3":{ {{{Role}}},"bucketName":"readings","key":"all.jsonl","mode":"append"} }""");
        host.Bus.Publish("in/a", """{"v":1}""");
        host.Bus.Publish("in/a", """{"v":2}""");
        await host.WhenAsync("put", static status => status.ActionsSucceeded == 2);
        await host.WhenAsync("append", static status => status.ActionsSucceeded == 2);
        Assert.Equal("""{"v":2}""", await File.ReadAllTextAsync(Path.Combine(host.Folder, "objects", "readings", "a", "last.json")));
        Assert.Equal("{\"v\":1}\n{\"v\":2}\n", await File.ReadAllTextAsync(Path.Combine(host.Folder, "objects", "readings", "all.jsonl")));
        Assert.Empty(Directory.GetFiles(Path.Combine(host.Folder, "objects", ".tmp")));
    }

    [Theory]
    [InlineData("../escape", "readings", "no name of an object")]
    [InlineData("/etc/passwd", "readings", "no name of an object")]
    [InlineData("a/../../b", "readings", "no name of an object")]
    [InlineData("a", "..", "no name of an object")]
    [InlineData("folder", "readings", "is a folder")]
    public async Task S3_KeyThatLeadsElsewhere_FailsAndWritesNothing(string key, string bucket, string message)
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("put", "SELECT * FROM 'in'", $$$"""{"s3":{ {{{Role}}},"bucketName":"${bucket}","key":"${key}"} }""");
        host.Bus.Publish("in", """{"bucket":"readings","key":"folder/x"}""");
        await host.WhenAsync("put", static status => status.ActionsSucceeded == 1);
        host.Bus.Publish("in", JsonSerializer.Serialize(new Dictionary<string, string> { ["bucket"] = bucket, ["key"] = key }));
        var status = await host.WhenAsync("put", static status => status.Failed == 1);
        Assert.Contains(message, status.LastError, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(host.Folder, "escape")));
    }

    [Fact]
    public async Task Sqs_Kinesis_Logs_Alarm_Metric_TakeTheMessage()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync(
            "all", "SELECT v FROM 'in/+'",
            $$$"""{"sqs":{ {{{Role}}},"queueUrl":"https://sqs.eu-central-1.amazonaws.com/123456789012/work","useBase64":false} }""",
            $$$"""{"kinesis":{ {{{Role}}},"streamName":"flow","partitionKey":"${topic(2)}"} }""",
            $$$"""{"cloudwatchLogs":{ {{{Role}}},"logGroupName":"/plant/line_1"} }""",
            $$$"""{"cloudwatchAlarm":{ {{{Role}}},"alarmName":"warm","stateReason":"v is ${v}","stateValue":"ALARM"} }""",
            $$$"""{"cloudwatchMetric":{ {{{Role}}},"metricName":"speed","metricNamespace":"plant","metricUnit":"Count","metricValue":"${v}","metricTimestamp":"1767225600"} }""");
        host.Bus.Publish("in/a", """{"v":7}""");
        await host.WhenAsync("all", static status => status.ActionsSucceeded == 5);
        Assert.Equal("""{"v":7}""", Assert.Single(await host.Stores.Queues.ReceiveAsync("work", 10, null)).Body);
        var record = Assert.Single(host.Stores.Streams.Read("flow", null, null, null, 10)!);
        Assert.Equal(("a", """{"v":7}"""), (record.PartitionKey, Encoding.UTF8.GetString(record.Data.Span)));
        Assert.Equal(["/plant/line_1"], host.Stores.Logs.All);
        Assert.Equal("""{"v":7}""", Assert.Single(host.Stores.Logs.Read("/plant/line_1", "v", null, 10)).Message);
        Assert.Equal(("warm", "ALARM", "v is 7"), host.Stores.Alarms.All.Select(static alarm => (alarm.Name, alarm.State, alarm.Reason)).Single());
        Assert.Contains("\"state\":\"ALARM\"", Encoding.UTF8.GetString((await host.Bus.NextAsync("$aws/events/alarm/warm")).Payload.Span), StringComparison.Ordinal);
        var metric = Assert.Single(host.Stores.Metrics.All);
        Assert.Equal(("plant", "speed", 7.0, 1767225600L), (metric.Namespace, metric.Name, metric.Value, metric.At.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task Timestream_MakesASeriesOfEachMember()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync(
            "keep", "SELECT temperature, on, mode FROM 'sensors/+/telemetry'",
            $$$"""{"timestream":{ {{{Role}}},"databaseName":"plant","tableName":"rooms","dimensions":[{"name":"device","value":"${topic(2)}"}],"timestamp":{"value":"${time}","unit":"MILLISECONDS"} } }""");
        host.Bus.Publish("sensors/a/telemetry", """{"time":1767225600000,"temperature":21.5,"on":true,"mode":"eco"}""");
        host.Bus.Publish("sensors/a/telemetry", """{"time":1767225601000,"temperature":22,"on":false,"mode":"eco"}""");
        await host.WhenAsync("keep", static status => status.ActionsSucceeded == 2);
        SeriesName Of(string measure) => new("plant", "rooms", measure, """{"device":"a"}""");
        Assert.Equal([(1767225600000000000, 21.5), (1767225601000000000, 22)], host.Stores.Series.Range(Of("temperature"), 0, long.MaxValue, 10).Select(static point => (point.Time, point.Number)));
        Assert.Equal([1.0, 0.0], host.Stores.Series.Range(Of("on"), 0, long.MaxValue, 10).Select(static point => point.Number));
        Assert.Equal("eco", host.Stores.Series.Last(Of("mode"))!.Value.Text);
        host.Bus.Publish("sensors/a/telemetry", """{"time":1767225602000,"temperature":"hot"}""");
        Assert.Contains("is a number, not varchar", (await host.WhenAsync("keep", static status => status.Failed == 1)).LastError, StringComparison.Ordinal);
        host.Bus.Publish("sensors/a/telemetry", """{"time":"now","temperature":1}""");
        Assert.Contains("timestamp is now", (await host.WhenAsync("keep", static status => status.Failed == 2)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Firehose_GathersRecords_BatchModeTakesItemsApart()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("gather", "SELECT VALUE list FROM 'in'", $$$"""{"firehose":{ {{{Role}}},"deliveryStreamName":"lake","separator":"\n","batchMode":true} }""");
        await host.CreateAsync("small", "SELECT * FROM 'in'", $$$"""{"firehose":{ {{{Role}}},"deliveryStreamName":"tiny","separator":"\n","rotateBytes":1024} }""");
        host.Bus.Publish("in", $$"""{"list":[{"v":1},{"v":2}],"text":"{{new string('x', 1100)}}"}""");
        await host.WhenAsync("gather", static status => status.ActionsSucceeded == 1);
        await host.WhenAsync("small", static status => status.ActionsSucceeded == 1);
        Assert.Equal("{\"v\":1}\n{\"v\":2}\n", await File.ReadAllTextAsync(Path.Combine(host.Folder, "objects", "firehose", "lake", "lake.part")));
        var file = Assert.Single(host.Stores.Objects.List("firehose", "tiny/", 10)); // large enough: set aside at once
        Assert.Matches(@"^tiny/\d{4}/\d\d/\d\d/\d\d/tiny-\d{8}T\d{9}-\d{3}$", file.Key);
    }

    [Fact]
    public async Task Sns_TellsEverySubscriber_InSnsWords()
    {
        using var server = new HookServer(static _ => 200);
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], EvaluationTime = TimeSpan.FromSeconds(10) });
        await host.CreateAsync("tell", "SELECT * FROM 'in'", $$$"""{"sns":{ {{{Role}}},"targetArn":"arn:aws:sns:eu-central-1:123456789012:alerts","messageFormat":"JSON"} }""");
        host.Bus.Publish("in", """{"default":"warm"}""");
        Assert.Contains("nobody subscribed to alerts", (await host.WhenAsync("tell", static status => status.Failed == 1)).LastError, StringComparison.Ordinal);
        Assert.Null(await host.Stores.Notifications.SubscribeAsync("alerts", "http", server.Url + "hook"));
        Assert.Null(await host.Stores.Notifications.SubscribeAsync("alerts", "mqtt", "told/alerts"));
        Assert.NotNull(await host.Stores.Notifications.SubscribeAsync("alerts", "email", "a@b.example"));
        host.Bus.Publish("in", """{"default":"warm","mqtt":"short"}""");
        Assert.Equal("short", Encoding.UTF8.GetString((await host.Bus.NextAsync("told/alerts")).Payload.Span));
        using var envelope = JsonDocument.Parse((await server.NextAsync()).Body);
        Assert.Equal(("Notification", "warm"), (envelope.RootElement.GetProperty("Type").GetString(), envelope.RootElement.GetProperty("Message").GetString()));
        host.Bus.Publish("in", """{"other":1}""");
        Assert.Contains("'default' among them", (await host.WhenAsync("tell", static status => status.Failed == 2)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sns_StoredForTwo_OneThatIsDown_HoldsUpItselfAlone()
    {
        using var server = new HookServer(static _ => 503);
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], EvaluationTime = TimeSpan.FromSeconds(10) });
        Assert.Null(await host.Stores.Notifications.SubscribeAsync("alerts", "http", server.Url + "hook"));
        Assert.Null(await host.Stores.Notifications.SubscribeAsync("alerts", "mqtt", "told/alerts"));
        await host.CreateAsync("tell", "SELECT v FROM 'in'", """{"sns":{"targetArn":"alerts","delivery":{"mode":"store"} } }""");
        for (var v = 0; v < 5; v++)
            host.Bus.Publish("in", $$"""{"v":{{v}}}""");
        for (var v = 0; v < 5; v++)
            Assert.Equal($$"""{"v":{{v}}}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("told/alerts")).Payload.Span));
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("tell", "actions[0]", "SnsAction")) is { Delivered: 5, Waiting: 5, FailedTries: > 0 });
        var status = Assert.Single(host.Engine.ActionsOf("tell"));
        Assert.Equal((5, 5), (status.Succeeded, status.Backlog));
        Assert.Contains("it answered 503", status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EdgeOne_AsksTablesAndSeries()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("keep", "SELECT temperature FROM 'sensors/+/telemetry'", """{"timestream":{"databaseName":"plant","tableName":"rooms","dimensions":[{"name":"device","value":"${topic(2)}"}],"timestamp":{"value":"${timestamp()}"} } }""");
        await host.CreateAsync("rows", "SELECT topic(2) AS device, temperature FROM 'sensors/+/telemetry'", """{"dynamoDB":{"tableName":"t","hashKeyField":"device","hashKeyValue":"${topic(2)}","payloadField":"p"} }""");
        foreach (var (device, value) in ((string, double)[])[("a", 20), ("a", 21.5), ("b", 30)])
            host.Bus.Publish($"sensors/{device}/telemetry", JsonSerializer.Serialize(new Dictionary<string, double> { ["temperature"] = value }));
        await host.WhenAsync("keep", static status => status.ActionsSucceeded == 3);
        await host.WhenAsync("rows", static status => status.ActionsSucceeded == 3);
        var ask = new RuleDefinition("SELECT ts_last('plant.rooms.temperature', {'device': 'a'}) AS last, ts_avg('plant.rooms.temperature', {'device': 'a'}, 60000) AS mean, table_query('t', 'b') AS rows, ts_last('plant.rooms.none') AS none FROM 'ask'")
        {
            AwsIotSqlVersion = "edge-1",
            Actions = ["""{"republish":{"topic":"answer"}}"""],
        };
        Assert.Null(await host.Engine.CreateAsync("ask", ask, default));
        host.Bus.Publish("ask", "{}");
        Assert.Equal("""{"last":21.5,"mean":20.75,"rows":[{"device":"b","p":{"device":"b","temperature":30}}]}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("answer")).Payload.Span));
    }

    [Fact]
    public async Task Bridge_PutsTheMessageIntoTheOutbox()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("up", "SELECT v FROM 'in/+'", """{"bridge":{"upstream":"plant","topic":"site/${topic(2)}"} }""");
        host.Bus.Publish("in/a", """{"v":1}""");
        await host.WhenAsync("up", static status => status.ActionsSucceeded == 1);
        var stored = Assert.Single(host.Upstreams.Stored);
        Assert.Equal(("site/a", """{"v":1}"""), (stored.Topic, Encoding.UTF8.GetString(stored.Payload.Span)));
        Assert.Contains("no upstream of that name", host.Engine.Validate(RuleTestHost.Definition("SELECT * FROM 'a'", """{"bridge":{"upstream":"none","topic":"t"} }"""))!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kafka", "use bridge")]
    [InlineData("openSearch", "use http")]
    [InlineData("elasticsearch", "use http")]
    [InlineData("iotEvents", "edge-1")]
    [InlineData("stepFunctions", "use lambda")]
    [InlineData("iotSiteWise", "use timestream")]
    [InlineData("iotAnalytics", "use kinesis")]
    [InlineData("salesforce", "use http")]
    [InlineData("location", "use timestream")]
    [InlineData("teleport", "there is no action")]
    public async Task Action_ThatIsNone_IsRefusedWithWhatToUse(string action, string message)
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Contains(message, host.Engine.Validate(RuleTestHost.Definition("SELECT * FROM 'a'", $$"""{"{{action}}":{} }"""))!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3", "\"bucketName\":\"b\",\"key\":\"k\"", "s3:PutObject")]
    [InlineData("sqs", "\"queueUrl\":\"q\"", "sqs:SendMessage")]
    [InlineData("kinesis", "\"streamName\":\"s\",\"partitionKey\":\"k\"", "kinesis:PutRecord")]
    [InlineData("firehose", "\"deliveryStreamName\":\"s\"", "firehose:PutRecord")]
    [InlineData("sns", "\"targetArn\":\"t\"", "sns:Publish")]
    [InlineData("timestream", "\"databaseName\":\"d\",\"tableName\":\"t\",\"dimensions\":[{\"name\":\"n\",\"value\":\"v\"}]", "timestream:WriteRecords")]
    [InlineData("cloudwatchMetric", "\"metricName\":\"m\",\"metricNamespace\":\"n\",\"metricUnit\":\"None\",\"metricValue\":\"1\"", "cloudwatch:PutMetricData")]
    [InlineData("cloudwatchAlarm", "\"alarmName\":\"a\",\"stateReason\":\"r\",\"stateValue\":\"OK\"", "cloudwatch:SetAlarmState")]
    [InlineData("cloudwatchLogs", "\"logGroupName\":\"g\"", "logs:PutLogEvents")]
    [InlineData("bridge", "\"upstream\":\"plant\",\"topic\":\"t\"", "edge:Bridge")]
    [InlineData("lambda", "\"functionArn\":\"f\"", "lambda:InvokeFunction")]
    [InlineData("republish", "\"topic\":\"t\"", "iot:Publish")]
    [InlineData("dynamoDBv2", "\"putItem\":{\"tableName\":\"t\"}", "dynamodb:PutItem")]
    public async Task Action_RoleWithoutThePermission_IsRefused_AndTheErrorActionFires(string action, string members, string permission)
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Null(await host.Roles.PutAsync(new RuleRole("narrow", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}""")));
        var definition = RuleTestHost.Definition("SELECT * FROM 'in'", $$"""{"{{action}}":{"roleArn":"narrow",{{members}}} }""") with { ErrorAction = """{"republish":{"topic":"errors"}}""" };
        Assert.Null(await host.Engine.CreateAsync("refused", definition, default));
        host.Bus.Publish("in", "{}");
        var document = Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span);
        Assert.Contains($"the role narrow does not allow {permission} on", document, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"AccessDenied\"", document, StringComparison.Ordinal);
        var status = Assert.Single(host.Engine.ActionsOf("refused"), static each => each.Place == "actions[0]");
        Assert.Equal((0, 1), (status.Succeeded, status.Failed));
        Assert.Contains(permission, status.LastError, StringComparison.Ordinal);
    }
}
