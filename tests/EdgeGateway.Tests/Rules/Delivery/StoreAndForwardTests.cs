using System.Text;
using EdgeGateway.Rules;
using Xunit;

namespace EdgeGateway.Tests.Rules.Delivery;

/// <summary>Actions with `delivery: store` against a real server.</summary>
public sealed class StoreAndForwardTests
{
    [Fact]
    public async Task Store_ServerThatFails_GetsAllOfAKeyInOrder_WithTheSameIdAtEachTry()
    {
        var failures = 3;
        using var server = new HookServer(_ => Interlocked.Decrement(ref failures) >= 0 ? 500 : 200);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", Action(server));
        for (var v = 0; v < 5; v++)
            host.Bus.Publish("in/a", $$"""{"v":{{v}}}""");
        var received = new List<HookServer.Received>();
        for (var i = 0; i < 8; i++)
            received.Add(await server.NextAsync());
        Assert.Equal(["""{"v":0}""", """{"v":0}""", """{"v":0}""", """{"v":0}""", """{"v":1}""", """{"v":2}""", """{"v":3}""", """{"v":4}"""], received.Select(static each => each.Body));
        Assert.Single(received.Take(4).Select(static each => each.Id).Distinct());
        Assert.Equal([1, 2, 3, 4], received.Take(4).Select(static each => each.Attempt));
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction")) is { Waiting: 0, Delivered: 5, FailedTries: 3 });
    }

    [Fact]
    public async Task Store_WhatIsRefused_IsADeadLetter_ToldToTheErrorAction_AndCanBeSentAgain()
    {
        var status = 404;
        using var server = new HookServer(_ => status);
        await using var host = await StartAsync(server);
        Assert.Null(await host.Engine.CreateAsync("post", RuleTestHost.Definition("SELECT v FROM 'in/+'", Action(server)) with { ErrorAction = """{"republish":{"topic":"errors"}}""" }, default));
        host.Bus.Publish("in/a", """{"v":1}""");
        var document = Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span);
        Assert.Contains("\"failedAction\":\"HttpAction\"", document, StringComparison.Ordinal);
        Assert.Contains("\"topic\":\"in/a\"", document, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("""{"v":1}"""u8), document, StringComparison.Ordinal);
        var letter = Assert.Single(host.Deliveries.DeadLetters("post", 10));
        Assert.Equal(("Http404", 1, "in/a"), (letter.Code, letter.Attempts, letter.Topic));
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction")) is { Waiting: 0, Refused: 1 });
        status = 200;
        await server.NextAsync();
        Assert.Equal(1, await host.Deliveries.ResendAsync(letter.Id, null));
        Assert.Equal("""{"v":1}""", (await server.NextAsync()).Body);
        Assert.Empty(host.Deliveries.DeadLetters(null, 10));
    }

    [Fact]
    public async Task Store_AMessageThatAlwaysFails_HoldsUpItsKeyAlone()
    {
        using var server = new HookServer(static request => request.Body.Contains("poison", StringComparison.Ordinal) ? 503 : 200);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", Action(server));
        host.Bus.Publish("in/a", """{"v":"poison"}""");
        host.Bus.Publish("in/a", """{"v":"behind"}""");
        for (var v = 0; v < 20; v++)
            host.Bus.Publish($"in/{v}", $$"""{"v":{{v}}}""");
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction")) is { Waiting: 2, Delivered: 20 });
    }

    [Fact]
    public async Task Store_TooOld_IsGivenUp()
    {
        using var server = new HookServer(static _ => 500);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", Action(server, "\"maxAge\":\"1s\""));
        host.Bus.Publish("in/a", """{"v":1}""");
        await RuleTestHost.UntilAsync(() => host.Deliveries.DeadLetters("post", 10) is [{ Code: "TooOld" }]);
        Assert.Contains("it answered 500", host.Deliveries.DeadLetters("post", 10)[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_MoreThanFits_TheOldestGo_AndAreCounted()
    {
        using var server = new HookServer(static _ => 500);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT * FROM 'in/+'", Action(server, "\"maxDiskBytes\":\"2MB\""));
        var text = new string('x', 100_000);
        for (var v = 0; v < 60; v++)
        {
            host.Bus.Publish($"in/{v}", $$"""{"v":{{v}},"text":"{{text}}"}""");
            if (v % 5 == 4)
                await host.WhenAsync("post", status => status.ActionsSucceeded == v + 1);
        }
        var status = host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction"))!;
        Assert.InRange(status.Waiting, 5, 21); // 2 MB of 100 KB, whose payload is stored with what is sent
        Assert.Equal(60, status.Waiting + status.Dropped);
        Assert.InRange(Directory.GetFiles(Path.Combine(host.Folder, "rule-delivery"), "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length), 1, 6L << 20);
    }

    [Fact]
    public async Task Store_Restart_GoesOnWithWhatWaits()
    {
        var up = false;
        using var server = new HookServer(_ => Volatile.Read(ref up) ? 200 : 503);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", Action(server));
        for (var v = 0; v < 5; v++)
            host.Bus.Publish("in/a", $$"""{"v":{{v}}}""");
        await host.WhenAsync("post", static status => status.ActionsSucceeded == 5);
        await host.RestartAsync();
        Volatile.Write(ref up, true);
        var bodies = new List<string>();
        while (bodies.Count < 5)
        {
            var received = await server.NextAsync();
            if (bodies.Count == 0 || bodies[^1] != received.Body)
                bodies.Add(received.Body);
        }
        Assert.Equal(Enumerable.Range(0, 5).Select(static v => $$"""{"v":{{v}}}"""), bodies);
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction")) is { Waiting: 0 });
        Assert.Null(await host.Engine.DeleteAsync("post", default));
        Assert.Empty(Directory.GetDirectories(Path.Combine(host.Folder, "rule-delivery")));
    }

    [Fact]
    public async Task Replace_WithAnActionOfAnotherKind_WhatTheFirstStoredStillGoes_OverARestart()
    {
        var up = false;
        using var server = new HookServer(_ => Volatile.Read(ref up) ? 200 : 503);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", Action(server));
        host.Bus.Publish("in/a", """{"v":1}""");
        await host.WhenAsync("post", static status => status.ActionsSucceeded == 1);
        Assert.Null(await host.Engine.ReplaceAsync("post", RuleTestHost.Definition("SELECT v FROM 'in/+'", """{"lambda":{"functionArn":"nobody","delivery":{"mode":"store"} } }"""), default));
        host.Bus.Publish("in/a", """{"v":2}""");
        await RuleTestHost.UntilAsync(() => host.Deliveries.DeadLetters("post", 10) is [{ Action: "LambdaAction" }]);
        await host.RestartAsync();
        Volatile.Write(ref up, true);
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction")) is { Waiting: 0, Delivered: 1 });
    }

    [Fact]
    public async Task BasicIngest_ToARuleThatStores_IsStoredToo()
    {
        using var server = new HookServer(static _ => 200);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT v, topic() AS t FROM 'in/+'", Action(server));
        host.Bus.Publish("$aws/rules/post/in/a", """{"v":1}""");
        Assert.Equal("""{"v":1,"t":"in/a"}""", (await server.NextAsync()).Body);
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction")) is { Waiting: 0, Delivered: 1 });
    }

    [Fact]
    public async Task Strict_GoesOneAfterTheOther_WhateverTheKeys()
    {
        var failures = 2;
        using var server = new HookServer(_ => Interlocked.Decrement(ref failures) >= 0 ? 503 : 200);
        await using var host = await StartAsync(server);
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", Action(server, "\"order\":\"strict\""));
        for (var v = 0; v < 10; v++)
            host.Bus.Publish($"in/{v}", $$"""{"v":{{v}}}""");
        var bodies = new List<string>();
        while (bodies.Count < 12)
            bodies.Add((await server.NextAsync()).Body);
        Assert.Equal(Enumerable.Range(0, 10).Select(static v => $$"""{"v":{{v}}}"""), bodies.Distinct());
        Assert.Equal(["""{"v":0}""", """{"v":0}""", """{"v":0}""", """{"v":1}"""], bodies.Take(4));
    }

    [Theory]
    [InlineData("\"mode\":\"later\"", "expected fire, retry, store")]
    [InlineData("\"maxAge\":\"soon\"", "a duration")]
    [InlineData("\"maxDiskBytes\":\"1KB\"", "a size")]
    [InlineData("\"order\":\"any\"", "expected fresh-first, strict")]
    [InlineData("\"retries\":3", "not a parameter")]
    public async Task Delivery_Wrong_IsRefusedWhenTheRuleIsMade(string member, string message)
    {
        await using var host = await RuleTestHost.StartAsync();
        var error = host.Engine.Validate(RuleTestHost.Definition("SELECT * FROM 'a'", $$$"""{"http":{"url":"https://a/","delivery":{ {{{member}}} } } }"""));
        Assert.Contains(message, error!.Message, StringComparison.Ordinal);
    }

    private static Task<RuleTestHost> StartAsync(HookServer server) =>
        RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], EvaluationTime = TimeSpan.FromSeconds(10), FirstPause = TimeSpan.FromMilliseconds(1), JournalFolder = "yes" });

    private static string Action(HookServer server, string more = "\"order\":\"fresh-first\"") => $$$"""{"http":{"url":"{{{server.Url}}}hook","delivery":{"mode":"store",{{{more}}} } } }""";
}
