using System.Text;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

public sealed class SqlEvaluationTests
{
    private static SqlResult Evaluate(string sql, string payload, IRuleLookups? lookups = null, SqlVersion version = SqlVersion.V20160323)
    {
        var parsed = SqlStatement.Parse(sql, version);
        Assert.True(parsed.Succeeded, parsed.Error?.ToString());
        var message = new SqlMessage { Topic = "a/b", Payload = Encoding.UTF8.GetBytes(payload), Timestamp = 1_700_000_000_000, ClientId = "c1" };
        return parsed.Statement.Evaluate(message, new SqlContext { Time = TimeProvider.System, Lookups = lookups ?? NoLookups.Instance });
    }

    private static string Output(string sql, string payload, IRuleLookups? lookups = null, SqlVersion version = SqlVersion.V20160323) =>
        Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(Evaluate(sql, payload, lookups, version)).Payload.Span);

    [Theory]
    [InlineData("SELECT true AS state.reported.lit, 5 AS state.reported.level FROM 'a/b'", "{}", """{"state":{"reported":{"lit":true,"level":5}}}""")]
    [InlineData("SELECT *, 2 AS a FROM 'a/b'", """{"a":1,"b":3}""", """{"a":2,"b":3}""")]
    [InlineData("SELECT 2 AS a, * FROM 'a/b'", """{"a":1}""", """{"a":1}""")]
    [InlineData("SELECT * AS all FROM 'a/b'", """{"a":1}""", """{"all":{"a":1}}""")]
    [InlineData("SELECT a.b.c, upper('x'), 1 + 1 FROM 'a/b'", """{"a":{"b":{"c":1}}}""", """{"c":1,"upper":"X","_3":2}""")]
    [InlineData("SELECT *, 1 AS x FROM 'a/b'", "", """{"x":1}""")]
    [InlineData("SELECT *, 1 AS x FROM 'a/b'", "hot", """{"payload":"aG90","x":1}""")]
    [InlineData("SELECT VALUE missing FROM 'a/b'", "{}", "")]
    [InlineData("SELECT [a, missing, null] AS l FROM 'a/b'", """{"a":1}""", """{"l":[1,null]}""")]
    [InlineData("SELECT (SELECT a + d AS s FROM l AS i WHERE i.a > d) AS r FROM 'a/b'", """{"d":1,"l":[{"a":1},{"a":2}]}""", """{"r":[{"s":3}]}""")]
    [InlineData("SELECT (SELECT VALUE n FROM o) AS r FROM 'a/b'", """{"o":{"n":7}}""", """{"r":7}""")]
    [InlineData("SELECT a FROM 'a/b'", """{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("SELECT a FROM 'a/b'", """{"\u0061":"\u00e9 \ud83d\ude00"}""", """{"a":"é 😀"}""")]
    [InlineData("SELECT 9007199254740993 + n AS x FROM 'a/b'", """{"n":9007199254740993}""", """{"x":18014398509481986}""")]
    [InlineData("SELECT 7 / 2 AS a, 6 / 2 AS b, 1 / 0 AS c, -7 % 3 AS d FROM 'a/b'", "{}", """{"a":3.5,"b":3,"d":-1}""")]
    [InlineData("SELECT false AND x AS a, true OR x AS b, NULL = NULL AS c FROM 'a/b'", "{}", """{"a":false,"b":true,"c":true}""")]
    [InlineData("SELECT bitnot(13) AS a, get('abc', 1) AS b, indexof('a', 'x') AS c FROM 'a/b'", "{}", """{"a":-14,"b":"b","c":-1}""")]
    [InlineData("SELECT regexp_replace('a.b', '\\.', '\\$') AS a, regexp_matches('ÄÄ', '^\\w+$') AS b FROM 'a/b'", "{}", """{"a":"a$b","b":false}""")]
    [InlineData("SELECT regexp_substr('aaa', 'a++a') AS a, regexp_substr('x.*y', '\\Q.*\\E') AS b FROM 'a/b'", "{}", """{"b":".*"}""")]
    public void Select_Forms_GiveTheDocumentedOutput(string sql, string payload, string expected) => Assert.Equal(expected, Output(sql, payload));

    [Fact]
    public void WholeDecimal_IntIn2016_DecimalIn2015()
    {
        Assert.Equal("""{"x":10}""", Output("SELECT x FROM 'a/b'", """{"x":10.0}"""));
        Assert.Equal("""{"x":10.0}""", Output("SELECT x FROM 'a/b'", """{"x":10.0}""", version: SqlVersion.V20151008));
    }

    [Theory]
    [InlineData("parse_time('EEEE d MMMM yyyy, h:mm a ZZ', 1700000000000, 'America/New_York')", "\"Tuesday 14 November 2023, 5:13 PM -05:00\"")]
    [InlineData("parse_time('yyyy-MM-dd HH:mm:ss zzzz', 1720000000000, 'Europe/Berlin')", "\"2024-07-03 11:46:40 Central European Summer Time\"")]
    [InlineData("parse_time('HH:mm z', 4102444800000, 'Europe/Berlin')", "\"01:00 CET\"")]
    [InlineData("parse_time('x-w-e D', 1704067200000)", "\"2024-1-1 1\"")]
    [InlineData("parse_time('qq', 0)", "")]
    [InlineData("parse_time('yyyy', 0, 'No/Where')", "")]
    [InlineData("time_to_epoch('20240229T101112', 'yyyyMMdd''T''HHmmss')", "1709201472000")]
    [InlineData("time_to_epoch('2024-03-31 02:30 Europe/Berlin', 'yyyy-MM-dd HH:mm VV')", "1711848600000")] // in the gap: an hour on
    [InlineData("time_to_epoch('2024-10-27 02:30 Europe/Berlin', 'yyyy-MM-dd HH:mm VV')", "1729989000000")] // twice: the earlier
    [InlineData("time_to_epoch('5/1/24 3 PM', 'd/M/yy h a')", "1704466800000")]
    [InlineData("time_to_epoch('2024-01-05', 'yyyy-MM-dd[ HH:mm]')", "1704412800000")]
    [InlineData("time_to_epoch('2024-01-05 01:00', 'yyyy-MM-dd[ HH:mm]')", "1704416400000")]
    [InlineData("time_to_epoch('2024-13-05', 'yyyy-MM-dd')", "")]
    [InlineData("time_to_epoch('2024-01-05T00:00:00.5+01:00', 'yyyy-MM-dd''T''HH:mm:ss.SXXX')", "1704409200500")]
    public void Time_Functions_FollowTheirPatterns(string expression, string expected) =>
        Assert.Equal(expected, Output($"SELECT VALUE {expression} FROM 'a/b'", "{}"));

    [Fact]
    public void ExternalFunction_Failing_FailsTheRuleUnlessWrapped()
    {
        var lookups = new ScriptedLookups { Row = RuleLookup.Failed("the table is gone") };
        var failed = Assert.IsType<SqlResult.Failed>(Evaluate("SELECT get_dynamodb('t', 'k', 1, 'r').v AS v FROM 'a/b'", "{}", lookups));
        Assert.Equal(("get_dynamodb", "the table is gone"), (failed.Failure.Function, failed.Failure.Message));
        Assert.Equal("""{"v":5}""", Output("SELECT get_or_default(get_dynamodb('t', 'k', 1, 'r').v, 5) AS v FROM 'a/b'", "{}", lookups));
        Assert.Equal(["table t k=1 r", "table t k=1 r"], lookups.Asked);
    }

    [Fact]
    public void ExternalFunction_Answering_IsAddressable()
    {
        var lookups = new ScriptedLookups
        {
            Row = RuleLookup.Found("""{"limit":30}"""u8.ToArray()),
            Shadow = RuleLookup.Found("""{"state":{"desired":{"on":true}}}"""u8.ToArray()),
            Secret = RuleLookup.Found("\"{\\\"user\\\":\\\"u\\\"}\""u8.ToArray()),
        };
        Assert.Equal(
            """{"l":30,"on":true,"u":"u","n":2}""",
            Output(
                """
                SELECT get_dynamodb('t', 'pk', id, 'sk', 'x', 'role').limit AS l, get_thing_shadow('lamp', 'night', 'role').state.desired.on AS on,
                       get_secret('s', 'SecretString', 'user', 'role') AS u, aws_lambda('arn:f', {'n': 2}).n AS n
                FROM 'a/b'
                """,
                """{"id":"a"}""", lookups));
        Assert.Equal("table t pk=a,sk=x role", lookups.Asked[0]);
        Assert.Equal("shadow lamp night role", lookups.Asked[1]);
    }

    [Theory]
    [InlineData("${topic()}/x-${a}", "a/b/x-1")]
    [InlineData("${get({'k': '}'}, 'k')}", "}")]
    [InlineData("${missing}${n}.", ".")]
    [InlineData("$${a} $a", "$1 $a")]
    public void Template_Rendered_FindsItsBraces(string text, string expected)
    {
        var template = SqlTemplate.Parse(text, SqlVersion.V20160323, out var error);
        Assert.True(template is not null, error?.ToString());
        var message = new SqlMessage { Topic = "a/b", Payload = """{"a":1,"n":null}"""u8.ToArray(), Timestamp = 0 };
        Assert.Equal(expected, template.Render(message, new SqlContext { Time = TimeProvider.System }, null, out var failure));
        Assert.Null(failure);
    }

    [Theory]
    [InlineData("${a", 1, 4)]
    [InlineData("x ${nofunction()}", 1, 5)]
    public void Template_Malformed_SaysWhere(string text, int line, int column)
    {
        Assert.Null(SqlTemplate.Parse(text, SqlVersion.V20160323, out var error));
        Assert.Equal((line, column), (error!.Line, error.Column));
    }
}
