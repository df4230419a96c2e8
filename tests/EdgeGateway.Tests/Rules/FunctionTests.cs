using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Functions;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>Functions in real processes: answers out of order, garbage, silence, death.</summary>
public sealed class FunctionTests
{
    private const string Loop = "import sys, json, os, time\nfor line in sys.stdin:\n    request = json.loads(line); event = request['event']\n    ";
    private const string Echo = Loop + "print(json.dumps({'id': request['id'], 'result': {'got': event, 'rule': request['context']['rule']}}), flush=True)";

    [Fact]
    public async Task Lambda_AndAwsLambda_CallTheFunction()
    {
        await using var host = await RuleTestHost.StartAsync(functions: [Python("echo", Echo)]);
        await host.CreateAsync("ask", "SELECT aws_lambda('arn:aws:lambda:edge:000000000000:function:echo:1', {'v': v}).got.v AS back FROM 'in'", """{"republish":{"topic":"out"}}""", """{"lambda":{"functionArn":"echo"}}""");
        host.Bus.Publish("in", """{"v":7}""");
        Assert.Equal("""{"back":7}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("out")).Payload.Span));
        await host.WhenAsync("ask", static status => status.ActionsSucceeded == 2);
        Assert.Equal(2, host.Functions!.All[0].Calls);
    }

    [Theory]
    [InlineData("judge", "latest")]
    [InlineData("arn:aws:lambda:edge:000000000000:function:judge:$LATEST", "latest")]
    [InlineData("arn:aws:lambda:edge:000000000000:function:judge:1", "one")]
    [InlineData("judge:live", "one")]
    [InlineData("judge:2", null)]
    public async Task Function_ByVersionOrAlias_IsThatOne(string arn, string? answer)
    {
        const string Yaml = "rules: { functions: { judge: { command: [python3], versions: { 1: { command: [python3] } }, aliases: { live: 1 } } } }";
        var functions = FunctionFiles.Read(ConfigurationTree.Load(null, new Dictionary<string, string>(), [], ("test", Yaml)).Root.Section("rules"));
        Assert.Equal(["judge:1", "judge"], functions.Select(static function => function.Name));
        await using var host = await RuleTestHost.StartAsync(functions:
        [
            Python("judge", Loop + "print(json.dumps({'id': request['id'], 'result': 'latest'}), flush=True)") with { Aliases = functions[1].Aliases },
            Python("judge:1", Loop + "print(json.dumps({'id': request['id'], 'result': 'one'}), flush=True)"),
        ]);
        var got = await host.Functions!.InvokeAsync(FunctionDefinition.QualifiedNameOf(arn), "{}"u8.ToArray(), Call, CancellationToken.None);
        Assert.Equal(answer is null ? "" : $"\"{answer}\"", Encoding.UTF8.GetString(got.Json.Span));
    }

    [Fact]
    public async Task Process_ManyCalls_AreInFlightTogether()
    {
        await using var host = await RuleTestHost.StartAsync(functions: [Python("echo", Echo) with { Concurrency = 100 }]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => host.Functions!.InvokeAsync("echo", Encoding.UTF8.GetBytes($"{i}"), Call, CancellationToken.None)));
        for (var i = 0; i < answers.Length; i++)
            Assert.Equal($$"""{"got": {{i}}, "rule": "r"}""", Encoding.UTF8.GetString(answers[i].Json.Span));
        Assert.Equal(0, host.Functions!.All[0].Restarts);
    }

    [Fact]
    public async Task Process_ThatSaysAnError_FailsForGood()
    {
        await using var host = await RuleTestHost.StartAsync(functions: [Python("angry", Loop + "print('not json', flush=True); print(json.dumps({'id': request['id'], 'error': {'type': 'Mood', 'message': 'no'}}), flush=True)")]);
        var answer = await host.Functions!.InvokeAsync("angry", "{}"u8.ToArray(), Call, CancellationToken.None);
        Assert.Equal(("no", false), (answer.Error, answer.MayPass));
    }

    [Fact]
    public async Task Process_ThatHangs_IsKilledAtTheDeadline_AndStartedAgain()
    {
        var hangs = Python("hangs", Loop + "time.sleep(60 if event == 'hang' else 0); print(json.dumps({'id': request['id'], 'result': os.getpid()}), flush=True)");
        await using var host = await RuleTestHost.StartAsync(functions: [hangs]);
        var first = await host.Functions!.InvokeAsync("hangs", "1"u8.ToArray(), Call, CancellationToken.None);
        Assert.Null(first.Error);
        var hung = await host.Functions.InvokeAsync("hangs", "\"hang\""u8.ToArray(), Call with { Timeout = TimeSpan.FromMilliseconds(300) }, CancellationToken.None);
        Assert.True(hung.MayPass, hung.Error);
        FunctionAnswer again;
        do
            again = await host.Functions.InvokeAsync("hangs", "1"u8.ToArray(), Call, CancellationToken.None);
        while (again.Error is not null && again.MayPass);
        Assert.NotEqual(first.Json.ToArray(), again.Json.ToArray());
    }

    [Fact]
    public async Task Process_ThatEatsMemory_DiesAlone()
    {
        var greedy = Python("greedy", Loop + "print(json.dumps({'id': request['id'], 'result': len(bytearray(event * 1024 * 1024))}), flush=True)") with { MemoryBytes = 64L << 20, Timeout = TimeSpan.FromSeconds(20) };
        await using var host = await RuleTestHost.StartAsync(functions: [greedy]);
        var modest = await host.Functions!.InvokeAsync("greedy", "1"u8.ToArray(), Call, CancellationToken.None);
        Assert.Equal("1048576", Encoding.UTF8.GetString(modest.Json.Span));
        var eaten = await host.Functions.InvokeAsync("greedy", "500"u8.ToArray(), Call, CancellationToken.None);
        Assert.Contains("ended", eaten.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_ThatIsNone_FailsAndFiresTheErrorAction()
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Null(await host.Engine.CreateAsync("ask", RuleTestHost.Definition("SELECT * FROM 'in'", """{"lambda":{"functionArn":"nobody"}}""") with { ErrorAction = """{"republish":{"topic":"errors"}}""" }, default));
        host.Bus.Publish("in", "{}");
        Assert.Contains("there is no function nobody", Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span), StringComparison.Ordinal);
    }

    private static FunctionCall Call => new("r", "t", null, "trace");

    private static FunctionDefinition Python(string name, string script) => new(name) { Command = ["python3", "-c", script], Timeout = TimeSpan.FromSeconds(20) };
}
