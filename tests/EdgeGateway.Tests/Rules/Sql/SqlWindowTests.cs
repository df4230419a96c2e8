using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>Windows, aggregates and event time (docs/rules.md), in virtual time.</summary>
public sealed class SqlWindowTests
{
    // Time in seconds and value of a; the last entry is only time.
    private static readonly (int Second, int Value)[] Readings = [(1, 10), (4, 20), (9, 30), (11, 40), (25, 50)];

    [Theory]
    [InlineData("SELECT count(*) AS n, sum(a) AS s, avg(a) AS m, min(a) AS l, max(a) AS h FROM 'x' GROUP BY TUMBLINGWINDOW(ss, 10)", """{"n":3,"s":60,"m":20,"l":10,"h":30} {"n":1,"s":40,"m":40,"l":40,"h":40} {"n":1,"s":50,"m":50,"l":50,"h":50}""")]
    [InlineData("SELECT count(*) AS n, window_start() AS b, window_end() AS e FROM 'x' GROUP BY TUMBLINGWINDOW(ss, 10) HAVING count(*) > 1", """{"n":3,"b":0,"e":10000}""")]
    [InlineData("SELECT sum(a) AS s FROM 'x' GROUP BY HOPPINGWINDOW(ss, 10, 5)", """{"s":30} {"s":60} {"s":70} {"s":40} {"s":50} {"s":50}""")]
    [InlineData("SELECT sum(a) AS s FROM 'x' GROUP BY SLIDINGWINDOW(ss, 10)", """{"s":10} {"s":30} {"s":60} {"s":90} {"s":50}""")]
    [InlineData("SELECT sum(a) AS s FROM 'x' GROUP BY SLIDINGWINDOW(ss, 10) OVER (WHEN a = 30)", """{"s":60}""")]
    [InlineData("SELECT sum(a) AS s FROM 'x' GROUP BY SLIDINGWINDOW(ss, 2, 5) OVER (WHEN a = 20)", """{"s":50}""")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY SESSIONWINDOW(ss, 60, 6)", """{"l":[10,20,30,40]} {"l":[50]}""")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY COUNTWINDOW(2)", """{"l":[10,20]} {"l":[30,40]}""")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY COUNTWINDOW(3, 1)", """{"l":[10,20,30]} {"l":[20,30,40]} {"l":[30,40,50]}""")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY COUNTWINDOW(2) FILTER (WHERE a > 10)", """{"l":[20,30]} {"l":[40,50]}""")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY STATEWINDOW(a = 20, a = 40)", """{"l":[20,30,40]}""")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY STATEWINDOW(a % 20 = 0)", """{"l":[20,30]}""")]
    [InlineData("SELECT a > 20 AS big, count(*) AS n FROM 'x' GROUP BY a > 20, COUNTWINDOW(5) ORDER BY count(*) DESC LIMIT 1", """{"big":true,"n":3}""")]
    [InlineData("SELECT median(a) AS m, percentile(a, 25) AS p, percentile_disc(a, 50) AS d, stddev(a) AS s, vars(a) AS v FROM 'x' GROUP BY COUNTWINDOW(5)", """{"m":30,"p":20,"d":30,"s":14.142135623730951,"v":250}""")]
    [InlineData("SELECT first_value(a) AS f, last_value(a) AS l, count_distinct(a > 20) AS c, rate(a) AS r FROM 'x' GROUP BY COUNTWINDOW(4)", """{"f":10,"l":40,"c":2,"r":3}""")]
    [InlineData("SELECT time_weighted_avg(a) AS t FROM 'x' GROUP BY TUMBLINGWINDOW(ss, 10) LIMIT 1", """{"t":17.77777777777778} {"t":40} {"t":50}""")]
    public void Window_OverReadings_GivesWhatItShould(string sql, string expected) => Assert.Equal(expected, string.Join(' ', Play(sql, new SqlRunOptions())));

    [Fact]
    public void EventTime_LateMessages_CountUntilTheToleranceIsOver()
    {
        var options = new SqlRunOptions { EventTime = SqlTemplate.ParseExpression("t", SqlVersion.Edge1, out _), EventTimeUnit = 1000, LateTolerance = TimeSpan.FromSeconds(3) };
        var run = new SqlRun(SqlEdgeTests.Parse("SELECT collect(t) AS l FROM 'x' GROUP BY TUMBLINGWINDOW(ss, 10)"), new SqlContext { Time = TimeProvider.System }, options);
        var seen = new List<string>();
        var arrival = 1_000_000;
        foreach (var time in (int[])[1, 8, 12, 9, 13, 5, 22, 26])
            seen.AddRange(run.Process(SqlEdgeTests.Message($$"""{"t":{{time}}}""", arrival += 100), arrival).Select(SqlEdgeTests.Text));
        Assert.Equal(["""{"l":[1,8,9]}""", """{"l":[12,13]}"""], seen);
        Assert.Equal(1, run.Late); // 5, when the watermark stood at 10
        // The source is idle: after 30 s the clock closes what is open.
        Assert.Empty(run.Advance(arrival + 20_000));
        Assert.Equal("""{"l":[22,26]}""", SqlEdgeTests.Text(Assert.Single(run.Advance(arrival + 30_000))));
    }

    [Fact]
    public void EventTime_GatewayWasAwayLongerThanTheSourceMayBeSilent_NothingIsLate()
    {
        var options = new SqlRunOptions { EventTime = SqlTemplate.ParseExpression("t", SqlVersion.Edge1, out _), EventTimeUnit = 1000 };
        var statement = SqlEdgeTests.Parse("SELECT collect(t) AS l FROM 'x' GROUP BY TUMBLINGWINDOW(ss, 10)");
        var context = new SqlContext { Time = TimeProvider.System };
        var before = new SqlRun(statement, context, options);
        foreach (var time in (int[])[1, 6])
            Assert.Empty(before.Process(SqlEdgeTests.Message($$"""{"t":{{time}}}""", 1_000_000), 1_000_000));
        var run = new SqlRun(statement, context, options);
        Assert.True(run.TryLoad(before.Save()));
        run.Resume(1_100_000);
        Assert.Equal(1_130_000, run.NextDeadline);
        var seen = new List<string>();
        foreach (var time in (int[])[7, 9, 10])
            seen.AddRange(run.Process(SqlEdgeTests.Message($$"""{"t":{{time}}}""", 1_101_000), 1_101_000).Select(SqlEdgeTests.Text));
        Assert.Equal(["{\"l\":[1,6,7,9]}"], seen);
        Assert.Equal(0, run.Late);
    }

    [Theory]
    [InlineData("SELECT count(*) AS n, sum(a) AS s, avg(a) AS m, median(a) AS d, rate(a) AS r, time_weighted_avg(a) AS w FROM 'x' GROUP BY topic(), TUMBLINGWINDOW(ss, 10)")]
    [InlineData("SELECT collect(*) AS l, lag(a) AS p FROM 'x' GROUP BY HOPPINGWINDOW(ss, 10, 5)")]
    [InlineData("SELECT sum(a) AS s FROM 'x' GROUP BY SLIDINGWINDOW(ss, 10, 2)")]
    [InlineData("SELECT collect(a) AS l, merge_agg(*) AS o FROM 'x' GROUP BY SESSIONWINDOW(ss, 60, 6)")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY COUNTWINDOW(3, 2)")]
    [InlineData("SELECT collect(a) AS l FROM 'x' GROUP BY STATEWINDOW(a = 20, a = 40)")]
    [InlineData("SELECT a, lag(a) AS p, acc_sum(a) AS s, last_hit_count() AS h, keyed_set('k', a) AS k FROM 'x' WHERE deadband(a, 5) OR stale(3000)")]
    public void Run_SavedAndLoadedBetweenAnyTwoMessages_GivesTheSame(string sql)
    {
        var whole = Play(sql, new SqlRunOptions());
        for (var at = 0; at < Readings.Length; at++)
            Assert.Equal(whole, Play(sql, new SqlRunOptions(), reloadAt: at));
    }

    [Fact]
    public void State_OfAnotherWindow_IsNotTaken()
    {
        var context = new SqlContext { Time = TimeProvider.System };
        var one = new SqlRun(SqlEdgeTests.Parse("SELECT sum(a) AS s FROM 'x' GROUP BY COUNTWINDOW(3)"), context, new SqlRunOptions());
        one.Process(SqlEdgeTests.Message("""{"a":1}""", 0), 0);
        Assert.True(new SqlRun(SqlEdgeTests.Parse("SELECT sum(a) AS total FROM 'x' WHERE a > 0 GROUP BY COUNTWINDOW(3)"), context, new SqlRunOptions()).TryLoad(one.Save()));
        Assert.False(new SqlRun(SqlEdgeTests.Parse("SELECT sum(a) AS s FROM 'x' GROUP BY COUNTWINDOW(4)"), context, new SqlRunOptions()).TryLoad(one.Save()));
    }

    [Fact]
    public void Keys_BeyondTheLimit_AreGivenUpAndCounted()
    {
        var run = new SqlRun(SqlEdgeTests.Parse("SELECT lag(a) OVER (PARTITION BY a) AS p FROM 'x'"), new SqlContext { Time = TimeProvider.System }, new SqlRunOptions { MaxKeys = 10 });
        for (var i = 0; i < 25; i++)
            run.Process(SqlEdgeTests.Message($$"""{"a":{{i}}}""", i), i);
        Assert.Equal(15, run.Evicted);
    }

    private static List<string> Play(string sql, SqlRunOptions options, int reloadAt = -1)
    {
        var statement = SqlEdgeTests.Parse(sql);
        var context = new SqlContext { Time = TimeProvider.System };
        var run = new SqlRun(statement, context, options);
        var seen = new List<string>();
        for (var i = 0; i < Readings.Length; i++)
        {
            var now = Readings[i].Second * 1000L;
            for (var step = 0; step < 100 && run.NextDeadline is { } due && due <= now; step++)
                seen.AddRange(run.Advance(due).Select(SqlEdgeTests.Text));
            seen.AddRange(run.Process(SqlEdgeTests.Message($$"""{"a":{{Readings[i].Value}}}""", now), now).Select(SqlEdgeTests.Text));
            if (i != reloadAt)
                continue;
            Assert.True(SqlJson.TryParse(SqlJson.ToUtf8(run.Save()), SqlVersion.Edge1, out var saved));
            run = new SqlRun(statement, context, options);
            Assert.True(run.TryLoad(saved));
        }
        for (var step = 0; step < 100 && run.NextDeadline is { } due; step++)
            seen.AddRange(run.Advance(due).Select(SqlEdgeTests.Text));
        return seen;
    }
}
