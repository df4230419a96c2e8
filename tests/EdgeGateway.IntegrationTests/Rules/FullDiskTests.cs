using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Rules;

/// <summary>A file system that is really full under what actions write: a few megabytes of tmpfs, which needs root.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Disk_FullUnderObjects_FiresTheErrorAction_OtherRulesGoOn_AndItWorksAgainWithRoom()
    {
        await using var disk = await SmallDisk.MountAsync("objects", "1m");
        await using var gateway = await KeepingGatewayAsync(disk, """{"s3":{"bucketName":"b","key":"all","mode":"append"} }""");
        var large = new string('x', 100_000);
        for (var v = 0; v < 14; v++)
            await RuleTests.PublishAsync(gateway, "in", $$"""{"v":{{v}},"text":"{{large}}"}""");
        using var document = JsonDocument.Parse(await RetainedAsync(gateway, "errors"));
        var failure = document.RootElement.GetProperty("failures")[0];
        Assert.Equal(("S3Action", 3), (failure.GetProperty("failedAction").GetString(), failure.GetProperty("attempts").GetInt32()));
        await RuleTests.UntilAsync(async () => await RetainedAsync(gateway, "copy") == """{"v":13}""");
        var kept = (await File.ReadAllLinesAsync(Path.Combine(disk.Folder, "b", "all"))).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("v").GetInt32()).ToList(); // every line whole
        Assert.Equal(Enumerable.Range(0, kept.Count), kept);
        Assert.InRange(kept.Count, 8, 11);
        File.Delete(Path.Combine(disk.Folder, "b", "all"));
        await RuleTests.PublishAsync(gateway, "in", """{"v":14}""");
        await RuleTests.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(disk.Folder, "b", "all")) && File.ReadAllText(Path.Combine(disk.Folder, "b", "all")).Contains("{\"v\":14}\n", StringComparison.Ordinal))); // perhaps before or behind one that was tried again meanwhile
    }

    [Fact]
    public async Task Disk_FullUnderStoreAndForward_DropsTheOldest_AndDeliversTheRest()
    {
        using var server = new MoodyServer();
        await using var disk = await SmallDisk.MountAsync("rule-delivery", "6m");
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", $"rules.http.trusted.0={server.Url}", "rules.delivery.mode=store"], disk.DataFolder);
        (await gateway.CliAsync("rule", "create", "hook", "--sql", "SELECT * FROM 'in/+'", "--action", $$$"""{"http":{"url":"{{{server.Url}}}x"} }""")).Succeeded();
        var large = new string('x', 100_000);
        for (var v = 0; v < 60; v++)
            await RuleTests.PublishAsync(gateway, $"in/{v % 4}", $$"""{"v":{{v}},"text":"{{large}}"}""");
        var (waiting, dropped) = (0, 0);
        await RuleTests.UntilAsync(async () =>
        {
            var queue = (await RuleTests.JsonAsync(gateway, "delivery", "list"))[0];
            (waiting, dropped) = (queue.GetProperty("waiting").GetInt32(), queue.GetProperty("dropped").GetInt32());
            return waiting + dropped == 60; // none is unaccounted for
        });
        Assert.InRange(waiting, 5, 40);
        Assert.InRange(dropped, 20, 55);
        server.Up();
        await RuleTests.UntilAsync(async () => (await RuleTests.JsonAsync(gateway, "delivery", "list"))[0].GetProperty("waiting").GetInt32() == 0);
        Assert.Equal(waiting, server.Acknowledged.Count);
        Assert.Contains(server.Acknowledged, static request => request.Body.StartsWith("""{"v":59,""", StringComparison.Ordinal)); // the newest is there
    }

    [Theory]
    [InlineData("rule-streams", """{"kinesis":{"streamName":"s","partitionKey":"k"} }""", "KinesisAction")]
    [InlineData("rule-series", """{"timestream":{"tableName":"t","databaseName":"d","dimensions":[{"name":"n","value":"${v}"}]} }""", "TimestreamAction")]
    public async Task Disk_FullUnderAStore_FiresTheErrorAction_AndOtherRulesGoOn(string part, string action, string name)
    {
        await using var disk = await SmallDisk.MountAsync(part, "3m");
        await using var gateway = await KeepingGatewayAsync(disk, action);
        var large = new string('x', 100_000);
        for (var v = 0; v < 40; v++)
            await RuleTests.PublishAsync(gateway, "in", $$"""{"v":{{v}},"text":"{{large}}"}""");
        using var document = JsonDocument.Parse(await RetainedAsync(gateway, "errors"));
        var failure = document.RootElement.GetProperty("failures")[0];
        Assert.Equal(name, failure.GetProperty("failedAction").GetString());
        Assert.Contains("the disk is full", failure.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        await RuleTests.UntilAsync(async () => await RetainedAsync(gateway, "copy") == """{"v":39}""");
    }

    // One rule keeps each message on the small disk and tells its errors, another copies it.
    private static async Task<RunningGateway> KeepingGatewayAsync(SmallDisk disk, string keep)
    {
        var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", "rules.firstPause=10ms"], disk.DataFolder);
        (await gateway.CliAsync("rule", "create", "keep", "--sql", "SELECT * FROM 'in'", "--action", keep, "--error-action", """{"republish":{"topic":"errors","qos":1,"retain":true} }""")).Succeeded();
        (await gateway.CliAsync("rule", "create", "copy", "--sql", "SELECT v FROM 'in'", "--action", """{"republish":{"topic":"copy","retain":true} }""")).Succeeded();
        return gateway;
    }

    private static async Task<string> RetainedAsync(RunningGateway gateway, string topic) =>
        (await Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", topic, "-C", "1", "-W", "60"])).Succeeded().Output.Trim();
}
