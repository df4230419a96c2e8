using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Functions;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>What goes wrong on the other side or in the message goes to retry or to the error action by its class, and holds up nobody else.</summary>
public sealed class BadInputTests
{
    private const string Loop = "import sys, json, os, time, signal\nfor line in sys.stdin:\n    request = json.loads(line); event = request['event']\n    ";

    [Fact]
    public async Task Webhook_ThatHangs_HoldsUpNeitherThePublisherNorAnotherRule()
    {
        using var hang = new ManualResetEventSlim();
        using var server = new HookServer(_ =>
        {
            hang.Wait(TimeSpan.FromSeconds(30));
            return 200;
        });
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], EvaluationTime = TimeSpan.FromSeconds(10), QueueLength = 10, MessagesInFlight = 5 });
        await host.CreateAsync("hangs", "SELECT * FROM 'in'", $$$"""{"http":{"url":"{{{server.Url}}}"} }""");
        await host.CreateAsync("works", "SELECT * FROM 'in'", """{"republish":{"topic":"out"}}""");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            host.Bus.Publish("in", $$"""{"v":{{i}}}""");
            await host.Bus.NextAsync("out"); // while the other rule's queue fills and overflows
        }
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 9); // the webhook has 10 s
        Assert.InRange(host.Engine.StatusOf("hangs")!.Dropped, 80, 100);
        hang.Set();
    }

    [Theory]
    [InlineData("${topic}", "is empty once rendered")]
    [InlineData("a/${wild}", "no topic")]
    [InlineData("${get_or_default(broken.deep, '')}", "is empty once rendered")]
    public async Task Template_ThatRendersToNonsense_FiresTheErrorActionAtOnce(string topic, string message)
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Null(await host.Engine.CreateAsync("r", RuleTestHost.Definition("SELECT * FROM 'in'", $$"""{"republish":{"topic":"{{topic}}"} }""") with { ErrorAction = """{"republish":{"topic":"errors"}}""" }, default));
        host.Bus.Publish("in", """{"wild":"+"}""");
        var document = Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span);
        Assert.Contains(message, document, StringComparison.Ordinal);
        Assert.Contains("\"attempts\":1", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_KeyThatIsMissing_IsFinal()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.Tables.CreateAsync(new("t", new("device", EdgeGateway.Rules.Tables.TableKeyType.String), null));
        Assert.Null(await host.Engine.CreateAsync("r", RuleTestHost.Definition("SELECT v FROM 'in'", """{"dynamoDBv2":{"putItem":{"tableName":"t"}}}""") with { ErrorAction = """{"republish":{"topic":"errors"}}""" }, default));
        host.Bus.Publish("in", """{"v":1}""");
        var document = Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span);
        Assert.Contains("a row of t holds its key columns: device (String)", document, StringComparison.Ordinal);
        Assert.Contains("\"attempts\":1", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disk_ThatIsFull_IsTriedAgain_ThenTheErrorActionFires_AndItGoesOnWithRoom()
    {
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { FirstPause = TimeSpan.FromMilliseconds(1), EvaluationTime = TimeSpan.FromSeconds(10) });
        await host.Tables.CreateAsync(new("t", new("device", EdgeGateway.Rules.Tables.TableKeyType.String), null));
        Assert.Null(await host.Engine.CreateAsync("r", RuleTestHost.Definition("SELECT * FROM 'in'", """{"dynamoDBv2":{"putItem":{"tableName":"t"}}}""") with { ErrorAction = """{"republish":{"topic":"errors"}}""" }, default));
        await host.LimitDatabaseAsync(pages: 1); // as many as there are: SQLITE_FULL
        var large = new string('x', 50_000);
        host.Bus.Publish("in", $$"""{"device":"a","text":"{{large}}"}""");
        var document = Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span);
        Assert.Contains("\"attempts\":3", document, StringComparison.Ordinal);
        Assert.Contains("full", document, StringComparison.Ordinal);
        await host.LimitDatabaseAsync(pages: 1_000_000);
        host.Bus.Publish("in", $$"""{"device":"b","text":"{{large}}"}""");
        await RuleTestHost.UntilAsync(() => host.Tables.Get("t", "b", null) is not null);
    }

    [Fact]
    public async Task Function_ThatForks_IsKilledWithItsChildren()
    {
        var forks = Python("forks", Loop + "pid = os.fork()\n    if pid == 0:\n        time.sleep(600)\n    print(json.dumps({'id': request['id'], 'result': pid}), flush=True) if event == 'tell' else time.sleep(600)");
        await using var host = await RuleTestHost.StartAsync(functions: [forks]);
        var told = await host.Functions!.InvokeAsync("forks", "\"tell\""u8.ToArray(), Call, CancellationToken.None);
        var child = int.Parse(Encoding.UTF8.GetString(told.Json.Span), CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists($"/proc/{child}"));
        var hung = await host.Functions.InvokeAsync("forks", "\"hang\""u8.ToArray(), Call with { Timeout = TimeSpan.FromMilliseconds(300) }, CancellationToken.None);
        Assert.True(hung.MayPass, hung.Error);
        await RuleTestHost.UntilAsync(() => !Directory.Exists($"/proc/{child}") || File.ReadAllText($"/proc/{child}/stat").Contains(") Z ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Function_ThatDies_FailsWhatWaits_AndIsStartedAgain()
    {
        var dies = Python("dies", Loop + "os._exit(3) if event == 'die' else print(json.dumps({'id': request['id'], 'result': event}), flush=True)");
        await using var host = await RuleTestHost.StartAsync(functions: [dies]);
        var dead = await host.Functions!.InvokeAsync("dies", "\"die\""u8.ToArray(), Call, CancellationToken.None);
        Assert.Equal(("the process of dies ended with 3", true), (dead.Error, dead.MayPass));
        await RuleTestHost.UntilAsync(() => host.Functions.InvokeAsync("dies", "1"u8.ToArray(), Call, CancellationToken.None).GetAwaiter().GetResult().Error is null);
        Assert.Equal(1, host.Functions.All[0].Restarts);
    }

    [Fact]
    public async Task Function_ThatPrintsWithoutEnd_IsEnded()
    {
        var floods = Python("floods", Loop + "sys.stdout.write('x' * 3000000); sys.stdout.flush()");
        await using var host = await RuleTestHost.StartAsync(functions: [floods]);
        var answer = await host.Functions!.InvokeAsync("floods", "1"u8.ToArray(), Call with { Timeout = TimeSpan.FromSeconds(10) }, CancellationToken.None);
        Assert.Contains("ended with", answer.Error, StringComparison.Ordinal);
    }

    private static FunctionCall Call => new("r", "t", null, "trace");

    private static FunctionDefinition Python(string name, string program) => new(name) { Command = ["python3", "-u", "-c", program], Timeout = TimeSpan.FromSeconds(20) };
}
