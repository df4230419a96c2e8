using System.Globalization;
using System.Text;
using CsCheck;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>Streams joined in a window (docs/rules.md), against a plain reference and over a restart.</summary>
public sealed class SqlStreamJoinTests
{
    private static readonly SqlContext Context = new() { Time = TimeProvider.System };

    private sealed record Event(bool IsLeft, int Key, int Value, long Time);

    [Theory]
    [InlineData("", """{"t":1,"h":10}""")]
    [InlineData("LEFT", """{"t":1,"h":10} {"t":2}""")]
    [InlineData("RIGHT", """{"t":1,"h":10} {"h":30}""")]
    [InlineData("FULL", """{"t":1,"h":10} {"t":2} {"h":30}""")]
    public void Join_OfTwoStreams_GivesItsRows(string kind, string expected)
    {
        var sql = $"SELECT l.v AS t, r.v AS h FROM 'left' AS l {kind} JOIN 'right' AS r ON l.k = r.k GROUP BY TUMBLINGWINDOW(ss, 10)";
        Assert.Equal(expected, string.Join(' ', Play(sql, [new(true, 1, 1, 1000), new(false, 1, 10, 2000), new(true, 2, 2, 3000), new(false, 3, 30, 4000)])));
    }

    [Theory]
    [InlineData("SELECT l.v AS t, r.v AS h FROM 'left' AS l CROSS JOIN 'right' AS r WHERE l.v < r.v GROUP BY TUMBLINGWINDOW(ss, 10)", """{"t":1,"h":10} {"t":2,"h":10}""")]
    [InlineData("SELECT l.k AS k, count(*) AS n, sum(r.v) AS s FROM 'left' AS l JOIN 'right' AS r ON l.k = r.k OR r.k = 9 GROUP BY l.k, TUMBLINGWINDOW(ss, 10)", """{"k":1,"n":1,"s":10}""")]
    [InlineData("SELECT * FROM 'left' AS l JOIN 'right' AS r ON l.k = r.k GROUP BY TUMBLINGWINDOW(ss, 10)", """{"k":1,"v":10}""")]
    [InlineData("SELECT l.v AS t, r.v AS h, window_end() AS e FROM 'left' AS l JOIN 'right' AS r ON l.k = r.k GROUP BY COUNTWINDOW(3)", """{"t":1,"h":10,"e":3000}""")]
    [InlineData("SELECT l.v AS t FROM 'left' AS l LEFT JOIN 'right' AS r ON l.k = r.k WHERE r IS UNDEFINED GROUP BY SESSIONWINDOW(ss, 60, 5) HAVING l.v > 1", """{"t":2}""")]
    public void Join_WithOtherClauses_GivesItsRows(string sql, string expected) =>
        Assert.Equal(expected, string.Join(' ', Play(sql, [new(true, 1, 1, 1000), new(false, 1, 10, 2000), new(true, 2, 2, 3000)])));

    [Fact]
    public void Join_OfRandomMessages_AgreesWithThePlainReference() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 99], Gen.Int[0, 2500]).Array[0, 25].Select(Gen.Int[0, 3]).Sample((made, kind) =>
        {
            var time = 0L;
            var events = made.Select(one => new Event(one.Item1, one.Item2, one.Item3, time += one.Item4)).ToList();
            var word = ((string[])["", "LEFT", "RIGHT", "FULL"])[kind];
            var sql = $"SELECT l.v AS t, r.v AS h FROM 'left' AS l {word} JOIN 'right' AS r ON l.k = r.k GROUP BY TUMBLINGWINDOW(ss, 10)";
            var expected = events.GroupBy(static one => one.Time / 10_000).OrderBy(static window => window.Key).SelectMany(window => Reference([.. window], kind is 1 or 3, kind is 2 or 3)).ToList();
            Assert.Equal(expected, Play(sql, events));
            Assert.Equal(expected, Play(sql, events, isReloaded: true));
        }, iter: 300);

    [Fact]
    public void Join_OfThreeStreams_ChainsThem()
    {
        var statement = SqlEdgeTests.Parse("SELECT a.v AS a, b.v AS b, c.v AS c FROM 'a' AS a JOIN 'b' AS b ON a.k = b.k LEFT JOIN 'c/+' AS c ON c.k = b.k GROUP BY TUMBLINGWINDOW(ss, 10)");
        Assert.Equal(["a", "b", "c/+"], statement.Filters);
        var run = new SqlRun(statement, Context, new SqlRunOptions());
        foreach (var topic in (string[])["a", "b", "c/d"])
            Assert.Empty(run.Process(SqlEdgeTests.Message($$"""{"k":1,"v":"{{topic}}"}""", 1000, topic), 1000));
        Assert.Equal(["""{"a":"a","b":"b","c":"c/d"}"""], run.Advance(10_000).Select(SqlEdgeTests.Text));
    }

    [Fact]
    public void Join_WithMorePairsThanMayBe_FailsAndSaysSo()
    {
        var run = new SqlRun(SqlEdgeTests.Parse("SELECT l.v AS t FROM 'left' AS l JOIN 'right' AS r ON l.v > r.v AND l.v < r.v GROUP BY TUMBLINGWINDOW(ss, 10)"), Context, new SqlRunOptions());
        for (var i = 0; i < 2400; i++)
            run.Process(SqlEdgeTests.Message($$"""{"v":{{i}}}""", 1000, i % 2 == 0 ? "left" : "right"), 1000);
        Assert.Contains("more than 1000000 pairs", Assert.IsType<SqlResult.Failed>(Assert.Single(run.Advance(10_000)).Result).Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT a FROM 'x' AS l JOIN 'y' AS r ON l.a = r.a", "in a window only")]
    [InlineData("SELECT a FROM 'x' JOIN 'y' AS r ON a = r.a GROUP BY COUNTWINDOW(2)", "FROM has no topic filter with a name")]
    [InlineData("SELECT a FROM 'x' AS l JOIN 'y' AS l ON l.a = l.a GROUP BY COUNTWINDOW(2)", "two streams have the name l")]
    [InlineData("SELECT lag(l.a) AS p FROM 'x' AS l JOIN 'y' AS r ON l.a = r.a GROUP BY COUNTWINDOW(2)", "stateful functions")]
    [InlineData("SELECT a FROM 'x' AS l RIGHT JOIN TABLE t ON t.a = l.a", "RIGHT, FULL and CROSS are for streams")]
    public void Statement_Wrong_SaysWhy(string sql, string message) =>
        Assert.Contains(message, SqlStatement.Parse(sql, SqlVersion.Edge1).Error!.ToString(), StringComparison.Ordinal);

    // Written from the definition: each left message with each right one of its key, then those that met nobody.
    private static IEnumerable<string> Reference(List<Event> window, bool keepsLeft, bool keepsRight)
    {
        var (left, right) = (window.Where(static one => one.IsLeft).ToList(), window.Where(static one => !one.IsLeft).ToList());
        foreach (var one in left)
        {
            var met = right.Where(other => other.Key == one.Key).ToList();
            foreach (var other in met)
                yield return $$"""{"t":{{one.Value}},"h":{{other.Value}}}""";
            if (met.Count == 0 && keepsLeft)
                yield return $$"""{"t":{{one.Value}}}""";
        }
        foreach (var other in right.Where(other => keepsRight && left.All(one => one.Key != other.Key)))
            yield return $$"""{"h":{{other.Value}}}""";
    }

    private static List<string> Play(string sql, IEnumerable<Event> events, bool isReloaded = false)
    {
        var statement = SqlEdgeTests.Parse(sql);
        var run = new SqlRun(statement, Context, new SqlRunOptions());
        var seen = new List<string>();
        foreach (var one in events)
        {
            var payload = string.Create(CultureInfo.InvariantCulture, $$"""{"k":{{one.Key}},"v":{{one.Value}}}""");
            seen.AddRange(run.Process(new SqlMessage { Topic = one.IsLeft ? "left" : "right", Payload = Encoding.UTF8.GetBytes(payload), Timestamp = one.Time }, one.Time).Select(SqlEdgeTests.Text));
            if (!isReloaded)
                continue;
            Assert.True(SqlJson.TryParse(SqlJson.ToUtf8(run.Save()), SqlVersion.Edge1, out var saved));
            run = new SqlRun(statement, Context, new SqlRunOptions());
            Assert.True(run.TryLoad(saved));
        }
        for (var step = 0; step < 100 && run.NextDeadline is { } due; step++)
            seen.AddRange(run.Advance(due).Select(SqlEdgeTests.Text));
        return seen;
    }
}
