using System.Globalization;
using System.Text;
using CsCheck;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>Any statement, any payload: a result or an error, never an exception, never without end. <c>EDGEGATEWAY_FUZZ_SECONDS</c> says how long.</summary>
[Trait("Category", "Fuzz")]
public sealed class SqlFuzzTests
{
    private static readonly string[] Words =
    [
        "SELECT", "VALUE", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "CASE", "WHEN", "THEN", "ELSE", "END", "IN", "EXISTS", "SET", "NULL", "TRUE", "'a/b'", "'x'",
        "a", "b.c", "@v", "*", ",", "(", ")", "[", "]", "{", "}", ":", "+", "-", "/", "%", "=", "<>", "<", ">=", "1", "2.5", "1e3", "9e998", "''", ".",
    ];

    private static readonly string[] EdgeWords =
    [
        "FROM TIMER('10s')", "FROM STREAM 's'", "AS l", "JOIN 'c/d' AS r ON l.k = r.k", "LEFT", "RIGHT", "FULL", "CROSS JOIN 't' AS r", "GROUP BY", "TUMBLINGWINDOW(ss, 10)", "HOPPINGWINDOW(ss, 10, 5)",
        "SLIDINGWINDOW(ss, 5, 1) OVER (WHEN a > 0)", "SESSIONWINDOW(ss, 20, 5)", "COUNTWINDOW(2, 1)", "STATEWINDOW(a > 1) OVER (PARTITION BY a)", "FILTER (WHERE a > 1)", "HAVING", "ORDER BY", "LIMIT 2", "BETWEEN", "LIKE",
        "IS NOT NULL", "* EXCEPT(a)", "[0]", "[1:2]", "OVER (PARTITION BY a WHEN a > 0)", "unnest(a)", "throttle(10, 'latest')", "/* c */",
    ];

    private static readonly string[] Pieces =
    [
        .. Words, .. SqlFunctions.Names.Select(name => name + "("), "cast(a AS Int)", .. EdgeWords, .. EdgeFunctions.Names.Select(static name => name + "("), .. SqlAggregates.Names.Select(static name => name + "("),
        .. SqlAnalytics.Names.Select(static name => name + "("),
    ];

    private static readonly string[] Payloads =
    [
        """{"a":1,"b":{"c":"2"}}""", """{"a":[1,{"x":null}],"b":{"c":[]}}""", """{"a":"9e998","b":{"c":1E+900}}""", "", "80", "[1,2]", "{", "\u0000\u0001",
        """{"a":"\ud800","b":{"c":"\u0000"}}""", """{"a":123456789012345678901234567890123456789,"b":0.00000000000000000000001}""",
    ];

    private static readonly SqlContext Context = new() { Time = TimeProvider.System };

    [Fact]
    public void ParseAndEvaluate_RandomPieces_NeverThrows() =>
        Gen.Select(Pick(Pieces).List[1, 30], Pick(Payloads), Gen.Bool).Sample((pieces, payload, prefixed) =>
            Try((prefixed ? "SELECT " : "") + string.Join(' ', pieces), payload), time: Seconds);

    [Fact]
    public void ParseAndEvaluate_VectorsWithPiecesExchanged_NeverThrows()
    {
        var statements = RuleVector.ById.Values.Select(vector => vector.Sql).ToArray();
        Gen.Select(Pick(statements), Gen.Int[0, 200], Gen.Int[0, 5], Pick(Pieces), Pick(Payloads)).Sample((sql, at, cut, piece, payload) =>
        {
            at = Math.Min(at, sql.Length);
            Try(string.Concat(sql.AsSpan(0, at), piece, sql.AsSpan(Math.Min(sql.Length, at + cut))), payload);
        }, time: Seconds);
    }

    [Fact]
    public void Run_RandomClausesOfEdge1_NeverThrowsAndIsSavedAndLoaded()
    {
        string[] heads = ["SELECT *", "SELECT a AS b", "SELECT lag(a) AS p, a", "SELECT count(*) AS n, sum(a) AS s", "SELECT collect(*) AS l", "SELECT VALUE a"];
        string[] sources = ["FROM 'a/b'", "FROM TIMER('10s')", "FROM 'a/b' AS l JOIN 'c/d' AS r ON l.a = r.a", "FROM 'a/b' AS l FULL JOIN 't' AS r ON l.a = r.a AND l.a > 0", "FROM 'a/b' AS l CROSS JOIN 'c/d' AS r", "FROM STREAM 't'"];
        string[] tails = ["", "WHERE a > 0", "GROUP BY TUMBLINGWINDOW(ss, 10)", "GROUP BY a, COUNTWINDOW(2)", "WHERE deadband(a, 1)", "GROUP BY SESSIONWINDOW(ss, 20, 5)", "WHERE stale(5000) OR throttle(3000, 'latest')", "GROUP BY SLIDINGWINDOW(ss, 5, 1) ORDER BY a LIMIT 2", "GROUP BY STATEWINDOW(a > 1) HAVING a > 0"];
        string[] topics = ["a/b", "c/d", "t"];
        Gen.Select(Pick(heads), Pick(sources), Pick(tails), Gen.Select(Pick(topics), Pick(Payloads), Gen.Int[0, 9000]).List[1, 12]).Sample((head, source, tail, messages) =>
        {
            if (SqlStatement.Parse($"{head} {source} {tail}", SqlVersion.Edge1).Statement is not { Edge.IsStateful: true } statement)
                return;
            var printed = statement.Print();
            Assert.Equal(printed, SqlStatement.Parse(printed, SqlVersion.Edge1).Statement?.Print());
            var (run, now) = (new SqlRun(statement, Context, new SqlRunOptions()), 1_700_000_000_000L);
            run.Resume(now);
            foreach (var (topic, payload, pause) in messages)
            {
                now += pause;
                foreach (var firing in run.Process(new SqlMessage { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), Timestamp = now }, now))
                    Assert.True(firing.Result is not SqlResult.Output { IsJson: true } output || SqlJson.TryParse(output.Payload.Span, SqlVersion.Edge1, out _));
                Assert.True(SqlJson.TryParse(SqlJson.ToUtf8(run.Save()), SqlVersion.Edge1, out var saved));
                run = new SqlRun(statement, Context, new SqlRunOptions());
                Assert.True(run.TryLoad(saved));
                run.Resume(now);
            }
        }, time: Seconds);
    }

    [Theory]
    [InlineData("SELECT regexp_matches(a, '(a+)+$') AS x FROM 'a/b'")]
    [InlineData("SELECT regexp_matches(a, '^(?=(a+)+$)a*b') AS x FROM 'a/b'")]
    [InlineData("SELECT regexp_replace(a, '(.)(.)?', '$1$1$1$1$1$1$1$1$1$1$2') AS x FROM 'a/b'")]
    public void Evaluate_PatternMeantToGoAstray_Ends(string sql)
    {
        var payload = $$"""{"a":"{{new string('a', 60_000)}}!"}""";
        var started = TimeProvider.System.GetTimestamp();
        Try(sql, payload);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("SET @a = [1,2,3,4,5,6,7,8], @b = [@a,@a,@a,@a,@a,@a,@a,@a], @c = [@b,@b,@b,@b,@b,@b,@b,@b], @d = [@c,@c,@c,@c,@c,@c,@c,@c], @e = [@d,@d,@d,@d,@d,@d,@d,@d], @f = [@e,@e,@e,@e,@e,@e,@e,@e], @g = [@f,@f,@f,@f,@f,@f,@f,@f] SELECT @g AS x FROM 'a/b'")]
    [InlineData("SET @a = a + a + a + a + a + a + a + a, @b = @a + @a + @a + @a + @a + @a + @a + @a, @c = @b + @b + @b + @b + @b + @b + @b + @b, @d = @c + @c + @c + @c + @c + @c + @c + @c SELECT @d + @d + @d + @d + @d + @d + @d AS x FROM 'a/b'")]
    [InlineData("SELECT (SELECT (SELECT (SELECT VALUE d FROM l AS d) FROM l AS c) FROM l AS b) AS x FROM 'a/b'")]
    [InlineData("SELECT replace(replace(replace(replace(a, 'x', a), 'x', a), 'x', a), 'x', a) AS x FROM 'a/b'")]
    public void Evaluate_ResultThatWouldExplode_StopsAtTheLimit(string sql)
    {
        var payload = $$"""{"a":"{{new string('x', 200)}}","l":[{{string.Join(',', Enumerable.Range(0, 300))}}]}""";
        var parsed = SqlStatement.Parse(sql, SqlVersion.V20160323);
        Assert.True(parsed.Succeeded, parsed.Error?.ToString());
        var context = Context with { Limits = SqlLimits.Default with { MaxTime = TimeSpan.FromMinutes(1) } };
        var result = parsed.Statement.Evaluate(Message(payload), context);
        Assert.True(Assert.IsType<SqlResult.Failed>(result).Failure.IsLimit);
    }

    private static int Seconds => int.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? Math.Max(1, seconds) : 2;

    private static Gen<string> Pick(string[] from) => Gen.Int[0, from.Length - 1].Select(i => from[i]);

    private static void Try(string sql, string payload)
    {
        foreach (var version in (SqlVersion[])[SqlVersion.V20151008, SqlVersion.V20160323, SqlVersion.Edge1])
        {
            if (SqlStatement.Parse(sql, version).Statement is not { } statement)
                continue;
            if (statement.Evaluate(Message(payload), Context) is SqlResult.Output { IsJson: true } output)
                Assert.True(SqlJson.TryParse(output.Payload.Span, version, out _), $"{sql} gave no JSON");
            var printed = statement.Print();
            Assert.Equal(printed, SqlStatement.Parse(printed, version).Statement?.Print());
        }
        SqlTemplate.Parse("${" + sql + "}", SqlVersion.V20160323, out _)?.Render(Message(payload), Context, null, out _);
    }

    private static SqlMessage Message(string payload) => new() { Topic = "a/b", Payload = Encoding.UTF8.GetBytes(payload), Timestamp = 1_700_000_000_000 };
}
