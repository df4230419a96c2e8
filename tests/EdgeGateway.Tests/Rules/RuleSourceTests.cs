using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Sql;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>Rules whose FROM is a clock or another rule (docs/rules.md).</summary>
public sealed class RuleSourceTests
{
    [Fact]
    public async Task Timer_FiresWhenDue_OnceWhereTheClockLeaps_AndNotWhileDisabled()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 10, 0, 2, TimeSpan.Zero));
        await using var host = await RuleTestHost.StartAsync(time);
        await CreateAsync(host, "tick", "SELECT timestamp() AS t FROM TIMER('10s')", Republish("out"));
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(0, host.Engine.StatusOf("tick")!.Matched);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal($$"""{"t":{{time.GetUtcNow().ToUnixTimeMilliseconds()}}}""", Text(await host.Bus.NextAsync("out")));
        time.Advance(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        await host.WhenAsync("tick", static status => status.Matched == 3);
        time.SetUtcNow(time.GetUtcNow().AddHours(5)); // as when the clock is set: the timer is due, once
        await host.WhenAsync("tick", static status => status.Matched == 4);
        Assert.Null(await host.Engine.SetEnabledAsync("tick", false, default));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(4, host.Engine.StatusOf("tick")!.Matched);
    }

    [Fact]
    public async Task Timer_WithRetained_ReportsWhatStandsThere()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
        await using var host = await RuleTestHost.StartAsync(time);
        host.Bus.Kept.Add(new ApplicationMessage("door/state", Encoding.UTF8.GetBytes("""{"open":true}""")));
        host.Bus.Kept.Add(new ApplicationMessage("door/name", "front"u8.ToArray()));
        await CreateAsync(host, "report", "SELECT retained('door/state').open AS open, retained('door/name') AS name, retained('door/none') AS none FROM TIMER('0 * * * * *')", Republish("out"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("""{"open":true,"name":"front"}""", Text(await host.Bus.NextAsync("out")));
    }

    [Fact]
    public async Task Stream_JoinsRulesPastTheBroker_WithTopicAndClientOfTheFirst()
    {
        await using var host = await RuleTestHost.StartAsync();
        await CreateAsync(host, "second", "SELECT v, topic(2) AS from, clientid() AS c FROM STREAM 'hot' WHERE v > 2", Republish("out"));
        await CreateAsync(host, "first", "SELECT v * 2 AS v FROM 'in/+'", """{"emit":{"stream":"hot"}}""");
        host.Bus.Publish("in/a", """{"v":1}""");
        host.Bus.Publish("in/b", """{"v":2}""");
        var message = await host.Bus.NextAsync("out");
        Assert.Equal("""{"v":4,"from":"b","c":"device-1"}""", Text(message));
        Assert.Equal(new MessageOrigin("rule:second", 2), message.Origin);
        Assert.Equal(2, host.Engine.StatusOf("second")!.Matched);
        Assert.Null(await host.Engine.DeleteAsync("second", default));
        host.Bus.Publish("in/b", """{"v":2}""");
        await host.WhenAsync("first", static status => status.ActionsSucceeded == 3); // nobody listens: that is no failure
    }

    [Fact]
    public async Task Stream_ThatWouldCloseACircle_IsRefused_WithItsWay()
    {
        await using var host = await RuleTestHost.StartAsync();
        await CreateAsync(host, "a", "SELECT * FROM STREAM 'one'", """{"emit":{"stream":"two"}}""");
        await CreateAsync(host, "b", "SELECT * FROM STREAM 'two'", """{"emit":{"stream":"three"}}""");
        var refused = await host.Engine.CreateAsync("c", Definition("SELECT * FROM STREAM 'three'", """{"emit":{"stream":"one"}}"""), default);
        Assert.Equal("emit would close a circle: c → one → a → two → b → three → c", refused!.Message);
        await CreateAsync(host, "c", "SELECT * FROM STREAM 'three'", """{"emit":{"stream":"four"}}""");
        Assert.NotNull(await host.Engine.ReplaceAsync("c", Definition("SELECT * FROM STREAM 'three'", """{"emit":{"stream":"three"}}"""), default));
    }

    [Fact]
    public async Task Stream_CircleInTheConfiguration_StopsTheStart()
    {
        RuleFile[] files =
        [
            new("a", Definition("SELECT * FROM STREAM 'one'", """{"emit":{"stream":"two"}}"""), "rules/a.yaml"),
            new("b", Definition("SELECT * FROM STREAM 'two'", """{"emit":{"stream":"one"}}"""), "rules/b.yaml"),
        ];
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RuleTestHost.StartAsync(files: files));
        Assert.Contains("emit would close a circle: b → one → a → two → b", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Window_OfADisabledRule_FiresWhenItIsEnabledAgain()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 10, 0, 2, TimeSpan.Zero));
        await using var host = await RuleTestHost.StartAsync(time);
        await CreateAsync(host, "window", "SELECT count(*) AS n FROM 'in' GROUP BY TUMBLINGWINDOW(ss, 10)", Republish("out"));
        host.Bus.Publish("in", "{}");
        await host.WhenAsync("window", static status => status.Evaluated == 1);
        Assert.Null(await host.Engine.SetEnabledAsync("window", false, default));
        time.Advance(TimeSpan.FromMinutes(5));
        await CreateAsync(host, "other", "SELECT 1 AS one FROM 'in'", Republish("other"));
        host.Bus.Publish("in", "{}");
        await host.Bus.NextAsync("other"); // what the clock brought is worked off by now
        Assert.Equal(0, host.Engine.StatusOf("window")!.Fired);
        Assert.Null(await host.Engine.SetEnabledAsync("window", true, default));
        time.Advance(TimeSpan.FromSeconds(1));
        await host.WhenAsync("window", status =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return status.Fired == 1;
        });
        Assert.Equal("""{"n":1}""", Text(await host.Bus.NextAsync("out")));
    }

    [Theory]
    [InlineData("SELECT * FROM TIMER('nonsense')", "1:21", "'nonsense' is no interval")]
    [InlineData("SELECT * FROM TIMER '5s'", "1:21", "cannot stand here")]
    [InlineData("SELECT * FROM STREAM 'a-b'", "1:22", "'a-b' is no name of a stream")]
    public void Source_Wrong_NamesThePlace(string sql, string place, string fault)
    {
        var error = SqlStatement.Parse(sql, SqlVersion.Edge1).Error!.ToString();
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.Contains(place.Split(':')[1], error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1 AS a FROM TIMER('0 */5 * * * *') WHERE hour > 5")]
    [InlineData("SELECT * FROM STREAM 'hot' GROUP BY COUNTWINDOW(3)")]
    public void Source_Printed_ParsesToTheSame(string sql)
    {
        var printed = SqlStatement.Parse(sql, SqlVersion.Edge1).Statement!.Print();
        Assert.Equal(printed, SqlStatement.Parse(printed, SqlVersion.Edge1).Statement!.Print());
        Assert.Equal(sql.Contains("TIMER", StringComparison.Ordinal), SqlStatement.Parse(printed, SqlVersion.Edge1).Statement!.Source!.Timer is not null);
    }

    [Theory]
    [InlineData("SELECT * FROM TIMER('10s')")]
    [InlineData("SELECT * FROM STREAM 'a'")]
    public void Source_InAwsVersions_IsNoFilter(string sql) => Assert.False(SqlStatement.Parse(sql, SqlVersion.V20160323).Succeeded);

    [Fact]
    public void ThrottleLatest_GivesTheFirst_AndTheNewestOfEachPeriod()
    {
        var run = new SqlRun(SqlStatement.Parse("SELECT v FROM 'a' WHERE throttle(1000, 'latest')", SqlVersion.Edge1).Statement!, new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        Assert.Equal([1], Take(1, 0));
        Assert.Empty(Take(2, 400));
        Assert.Empty(Take(3, 900));
        Assert.Equal(1000, run.NextDeadline);
        run = Reopened(run); // what is held back survives
        Assert.Equal([3], Values(run.Advance(1000)));
        Assert.Null(run.NextDeadline);
        Assert.Empty(Take(4, 1500)); // the period began anew at 1000
        Assert.Equal([4], Values(run.Advance(2000)));
        Assert.Equal([5], Take(5, 3500));
        Assert.Empty(run.Advance(10_000)); // nothing was held back

        IReadOnlyList<int> Take(int value, long time) =>
            Values(run.Process(new SqlMessage { Topic = "a", Payload = Encoding.UTF8.GetBytes($$"""{"v":{{value}}}"""), Timestamp = time }, time));
    }

    private static SqlRun Reopened(SqlRun run)
    {
        var again = new SqlRun(SqlStatement.Parse("SELECT v FROM 'a' WHERE throttle(1000, 'latest')", SqlVersion.Edge1).Statement!, new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        Assert.True(SqlJson.TryParse(SqlJson.ToUtf8(run.Save()), SqlVersion.Edge1, out var saved));
        Assert.True(again.TryLoad(saved));
        return again;
    }

    private static List<int> Values(IReadOnlyList<SqlFiring> firings) =>
        [.. firings.Select(static firing => Assert.IsType<SqlResult.Output>(firing.Result)).Select(static output => int.Parse(Encoding.UTF8.GetString(output.Payload.Span)[5..^1], System.Globalization.CultureInfo.InvariantCulture))];

    private static string Republish(string topic) => $$$"""{"republish":{"roleArn":"arn:aws:iam::123456789012:role/r","topic":"{{{topic}}}"}}""";

    private static RuleDefinition Definition(string sql, string action) => new(sql) { AwsIotSqlVersion = "edge-1", Actions = [action] };

    private static async Task CreateAsync(RuleTestHost host, string name, string sql, string action) => Assert.Null(await host.Engine.CreateAsync(name, Definition(sql, action), CancellationToken.None));

    private static string Text(ApplicationMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
