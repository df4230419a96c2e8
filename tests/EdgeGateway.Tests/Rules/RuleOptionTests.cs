using System.Text;
using EdgeGateway.Rules;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>When a rule is at work, and what its windows say of nothing and of what is late.</summary>
public sealed class RuleOptionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero); // a Monday

    [Fact]
    public async Task Schedule_OfATimer_KeepsItsTicksToItsTime()
    {
        var time = new FakeTimeProvider(Noon);
        await using var host = await RuleTestHost.StartAsync(time);
        foreach (var (name, from) in ((string, string)[])[("now", "12:00"), ("later", "18:00")])
        {
            var definition = Edge("SELECT timestamp() AS t FROM TIMER('10s')") with { Schedule = $$"""{"activeBetween":[{"from":"{{from}}","to":"20:00"}]}""" };
            Assert.Null(await host.Engine.CreateAsync(name, definition, CancellationToken.None));
        }
        time.Advance(TimeSpan.FromSeconds(10));
        await host.WhenAsync("now", static status => status.Fired == 1);
        Assert.Equal(0, host.Engine.StatusOf("later")!.Matched);
    }

    [Theory]
    [InlineData("""{"activeBetween":[{"from":"11:00","to":"13:00"}]}""", true)]
    [InlineData("""{"activeBetween":[{"from":"11:00","to":"12:00"}]}""", false)]
    [InlineData("""{"activeBetween":[{"from":"22:00","to":"12:01","days":"sun"}]}""", true)]
    [InlineData("""{"activeBetween":[{"from":"22:00","to":"12:01","days":"mon"}]}""", false)]
    [InlineData("""{"activeBetween":[{"from":"11:00","to":"13:00","days":"sat-sun,wed"}]}""", false)]
    [InlineData("""{"activeBetween":[{"from":"2026-01-05","to":"2026-01-06T12:00"}]}""", true)]
    [InlineData("""{"cron":"0 6 * * mon-fri","duration":"7h"}""", true)]
    [InlineData("""{"cron":"0 6 * * mon-fri","duration":"6h"}""", false)]
    public async Task Schedule_LetsMessagesThroughInItsTimeOnly(string schedule, bool isActive)
    {
        await using var host = await RuleTestHost.StartAsync(new FakeTimeProvider(Noon));
        Assert.Null(await host.Engine.CreateAsync("shift", Edge("SELECT * FROM 'in'", """{"republish":{"topic":"out"}}""") with { Schedule = schedule }, CancellationToken.None));
        await host.CreateAsync("mark", "SELECT * FROM 'in'");
        host.Bus.Publish("in", "{}");
        await host.WhenAsync("mark", static status => status.Fired == 1);
        if (isActive)
            await host.WhenAsync("shift", static status => status.Fired == 1);
        Assert.Equal(isActive ? 1 : 0, host.Engine.StatusOf("shift")!.Matched);
        Assert.Equal(schedule, RuleJson.Parse(RuleJson.Write(host.Engine.Find("shift")!.Definition), out _)!.Schedule);
    }

    [Theory]
    [InlineData("""{"activeBetween":[{"from":"25:00","to":"13:00"}]}""", "activeBetween is a list")]
    [InlineData("""{"cron":"0 6 * * *"}""", "duration")]
    [InlineData("""{"cron":"no"}""", "no cron expression")]
    [InlineData("""{"at":"6"}""", "no member at")]
    [InlineData("{}", "neither")]
    public async Task Schedule_Wrong_IsRefused(string schedule, string message)
    {
        await using var host = await RuleTestHost.StartAsync();
        var error = await host.Engine.CreateAsync("shift", Edge("SELECT * FROM 'in'") with { Schedule = schedule }, CancellationToken.None);
        Assert.Contains(message, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmitEmpty_WindowWithoutMessages_SaysSo()
    {
        var time = new FakeTimeProvider(Noon);
        await using var host = await RuleTestHost.StartAsync(time);
        var definition = Edge("SELECT count(*) AS n FROM 'in' GROUP BY TUMBLINGWINDOW(mi, 1)", """{"republish":{"topic":"out"}}""") with { EmitEmpty = true };
        Assert.Null(await host.Engine.CreateAsync("count", definition, CancellationToken.None));
        Assert.Equal("""{"n":0}""", await NextAsync(host, time, "out"));
        Assert.Equal("""{"n":0}""", await NextAsync(host, time, "out"));
        Assert.Contains("emitEmpty needs", (await host.Engine.CreateAsync("no", Edge("SELECT * FROM 'in'") with { EmitEmpty = true }, CancellationToken.None))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LateAction_MessageBehindItsWindow_GoesThereAsItCame()
    {
        await using var host = await RuleTestHost.StartAsync();
        var definition = Edge("SELECT collect(t) AS l FROM 'in' GROUP BY TUMBLINGWINDOW(ss, 10)", """{"republish":{"topic":"out"}}""") with
        {
            EventTime = """{"expression":"t","unit":"s"}""", LateAction = """{"republish":{"topic":"late"}}""",
        };
        Assert.Null(await host.Engine.CreateAsync("windows", definition, CancellationToken.None));
        foreach (var t in (int[])[1, 12, 5, 23])
            host.Bus.Publish("in", $$"""{"t":{{t}},"x":"y"}""");
        Assert.Equal("""{"t":5,"x":"y"}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("late")).Payload.Span));
        Assert.Equal("""{"l":[12]}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("out")).Payload.Span));
        Assert.Contains(host.Engine.ActionsOf("windows"), static action => action is { Place: "lateAction", Succeeded: 1 });
        Assert.Contains("lateAction needs", (await host.Engine.CreateAsync("no", definition with { EventTime = null }, CancellationToken.None))!.Message, StringComparison.Ordinal);
    }

    private static async Task<string> NextAsync(RuleTestHost host, FakeTimeProvider time, string topic)
    {
        var next = host.Bus.NextAsync(topic);
        // The rule's loop sets its timer on a thread of its own, so the clock goes on until it has.
        await RuleTestHost.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return next.IsCompleted;
        });
        return Encoding.UTF8.GetString((await next).Payload.Span);
    }

    private static RuleDefinition Edge(string sql, params string[] actions) => new(sql) { AwsIotSqlVersion = "edge-1", Actions = actions };
}
