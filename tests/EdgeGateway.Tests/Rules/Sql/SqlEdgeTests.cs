using System.Text;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>`edge-1` (docs/rules.md): clauses, operators and stateful functions.</summary>
public sealed class SqlEdgeTests
{
    [Theory]
    [InlineData("SELECT a FROM 'x' WHERE a BETWEEN 1 AND 3", """{"a":2}""", """{"a":2}""")]
    [InlineData("SELECT a FROM 'x' WHERE a NOT BETWEEN 1 AND 3", """{"a":2}""", null)]
    [InlineData("SELECT a FROM 'x' WHERE a LIKE 'st_ve%'", """{"a":"steven"}""", """{"a":"steven"}""")]
    [InlineData("SELECT a FROM 'x' WHERE a NOT LIKE 's%'", """{"a":"steven"}""", null)]
    [InlineData("SELECT a FROM 'x' WHERE a IN (1, 2)", """{"a":2}""", """{"a":2}""")]
    [InlineData("SELECT a FROM 'x' WHERE a NOT IN (1, 2)", """{"a":2}""", null)]
    [InlineData("SELECT a FROM 'x' WHERE b IS UNDEFINED AND a IS NOT NULL", """{"a":2}""", """{"a":2}""")]
    [InlineData("SELECT CASE WHEN a > 1 THEN 'big' ELSE 'small' END AS s FROM 'x'", """{"a":2}""", """{"s":"big"}""")]
    [InlineData("SELECT * EXCEPT(b) FROM 'x'", """{"a":2,"b":3}""", """{"a":2}""")]
    [InlineData("SELECT * EXCEPT(a) REPLACE(b + 1 AS b) FROM 'x'", """{"a":2,"b":3}""", """{"b":4}""")]
    [InlineData("SELECT a[0] AS f, a[-1] AS l, a[1:3] AS m, a[:2] AS h FROM 'x'", """{"a":[1,2,3,4]}""", """{"f":1,"l":4,"m":[2,3],"h":[1,2]}""")]
    [InlineData("SELECT `my-key` AS k, o.`in` AS i FROM 'x'", """{"my-key":1,"o":{"in":2}}""", """{"k":1,"i":2}""")]
    [InlineData("SELECT a -- what it is\n /* and */ FROM 'x'", """{"a":2}""", """{"a":2}""")]
    [InlineData("SELECT a FROM 'y', 'x' LIMIT 5", """{"a":2}""", """{"a":2}""")]
    public void Clause_OfEdge1_GivesItsResult(string sql, string payload, string? expected)
    {
        var statement = Parse(sql);
        var result = statement.Evaluate(Message(payload, 0), new SqlContext { Time = TimeProvider.System });
        Assert.Equal(expected, result is SqlResult.Output output ? Encoding.UTF8.GetString(output.Payload.Span) : null);
        Assert.Null(SqlStatement.Parse(sql, SqlVersion.V20160323).Statement);
    }

    [Theory]
    [InlineData("SELECT lag(a) AS p FROM 'x'", "{}|{\"p\":1}|{\"p\":2}|{\"p\":2}", "1|2|2|3")]
    [InlineData("SELECT lag(a, 2, 0) AS p FROM 'x'", "{\"p\":0}|{\"p\":0}|{\"p\":1}", "1|2|3")]
    [InlineData("SELECT a FROM 'x' WHERE had_changed(true, a)", "{\"a\":1}||{\"a\":2}|", "1|1|2|2")]
    [InlineData("SELECT changed_col(true, a) AS c FROM 'x'", "{\"c\":1}|{}|{\"c\":2}", "1|1|2")]
    [InlineData("SELECT changed_cols('', true, a) FROM 'x'", "{\"a\":1}||{\"a\":2}", "1|1|2")]
    [InlineData("SELECT latest(a, 9) AS l FROM 'x'", "{\"l\":9}|{\"l\":1}|{\"l\":1}", "null|1|null")]
    [InlineData("SELECT acc_sum(a) AS s, acc_count(a) AS n, acc_avg(a) AS m, acc_max(a) AS h FROM 'x'", "{\"s\":1,\"n\":1,\"m\":1,\"h\":1}|{\"s\":4,\"n\":2,\"m\":2,\"h\":3}", "1|3")]
    [InlineData("SELECT a FROM 'x' WHERE deadband(a, 2)", "{\"a\":10}||{\"a\":13}||{\"a\":10}", "10|11|13|14|10")]
    [InlineData("SELECT a FROM 'x' WHERE throttle(2500)", "{\"a\":1}|||{\"a\":4}|", "1|2|3|4|5")]
    [InlineData("SELECT a FROM 'x' WHERE debounce(a > 5, 2000)", "|||{\"a\":8}||", "6|7|1|6|7|8")]
    [InlineData("SELECT hysteresis(a, 30, 20) AS on FROM 'x'", "{\"on\":false}|{\"on\":true}|{\"on\":true}|{\"on\":false}|{\"on\":false}", "25|31|25|19|25")]
    [InlineData("SELECT derivative(a) AS d FROM 'x'", "{}|{\"d\":2}|{\"d\":-1}", "1|3|2")]
    [InlineData("SELECT integral(a) AS i FROM 'x'", "{\"i\":0}|{\"i\":2}|{\"i\":4}", "2|2|2")]
    [InlineData("SELECT a FROM 'x' WHERE last_hit_count() < 2", "{\"a\":1}|{\"a\":2}||", "1|2|3|4")]
    [InlineData("SELECT keyed_set('max', CASE WHEN keyed_get('max') > a THEN keyed_get('max') ELSE a END) AS m FROM 'x'", "{\"m\":2}|{\"m\":5}|{\"m\":5}", "2|5|3")]
    public void StatefulFunction_OverMessages_GivesItsValues(string sql, string expected, string values)
    {
        var run = new SqlRun(Parse(sql), new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        var messages = values.Split('|').Select(static (value, i) => Message($$"""{"a":{{value}}}""", 1000 * (i + 1))).ToList();
        var seen = messages.Select(message => string.Join('+', run.Process(message, message.Timestamp).Select(Text)));
        if (sql.Contains("debounce", StringComparison.Ordinal))
            expected = "|||||{\"a\":8}";
        Assert.Equal(expected, string.Join('|', seen));
    }

    [Fact]
    public void StatefulFunction_WithPartition_KeepsOneStateAKey()
    {
        var run = new SqlRun(Parse("SELECT topic(1) AS k, lag(a) OVER (PARTITION BY topic(1)) AS p FROM '+'"), new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        string[] seen = [.. ((string[])["x", "y", "x", "y"]).Select((topic, i) => Text(run.Process(Message($$"""{"a":{{i}}}""", i, topic), i)[0]))];
        Assert.Equal(["""{"k":"x"}""", """{"k":"y"}""", """{"k":"x","p":0}""", """{"k":"y","p":1}"""], seen);
    }

    [Fact]
    public void StatefulFunction_WithWhen_PassesOverOtherMessages()
    {
        var run = new SqlRun(Parse("SELECT lag(a) OVER (WHEN a > 0) AS p FROM 'x'"), new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        string[] seen = [.. ((int[])[1, 2, -5, 3]).Select((a, i) => Text(run.Process(Message($$"""{"a":{{a}}}""", i), i)[0]))];
        Assert.Equal(["{}", """{"p":1}""", """{"p":1}""", """{"p":2}"""], seen);
    }

    [Fact]
    public void Stale_KeyThatFellSilent_FiresByTimeOnce()
    {
        var run = new SqlRun(Parse("SELECT topic() AS silent FROM '+' WHERE stale(5000) OVER (PARTITION BY topic())"), new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        Assert.Empty(run.Process(Message("{}", 1000, "a"), 1000));
        Assert.Empty(run.Process(Message("{}", 3000, "b"), 3000));
        Assert.Equal(6000, run.NextDeadline);
        Assert.Equal("""{"silent":"a"}""", Text(Assert.Single(run.Advance(6000))));
        Assert.Empty(run.Advance(7000));
        Assert.Equal("""{"silent":"b"}""", Text(Assert.Single(run.Advance(9000))));
        Assert.Null(run.NextDeadline);
    }

    [Theory]
    [InlineData("SELECT deduplicate(a, false) AS d FROM 'x' GROUP BY COUNTWINDOW(3)", "1|2|3", """{"d":3}""")]
    [InlineData("SELECT deduplicate(a, false) AS d FROM 'x' GROUP BY COUNTWINDOW(3)", "1|2|1", "{}")]
    [InlineData("SELECT deduplicate(a, true) AS d FROM 'x' GROUP BY COUNTWINDOW(3)", "1|2|1", """{"d":[1,2]}""")]
    public void Deduplicate_GivesAllOrTheNewOne(string sql, string values, string expected)
    {
        var run = new SqlRun(Parse(sql), new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        var seen = values.Split('|').SelectMany((value, i) => run.Process(Message($$"""{"a":{{value}}}""", i), i)).Select(Text);
        Assert.Equal([expected], seen);
    }

    [Fact]
    public void Retained_GivesTheMessageOrNothing()
    {
        var statement = Parse("SELECT a - retained('set/point') AS over, retained('none') AS none FROM 'x'");
        Assert.True(statement.UsesLookups);
        var result = statement.Evaluate(Message("""{"a":22}""", 0), new SqlContext { Time = TimeProvider.System, Lookups = new ScriptedRows() });
        Assert.Equal("""{"over":0.5}""", Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(result).Payload.Span));
    }

    [Fact]
    public void Unnest_OfAnArray_GivesOneMessageAnItem()
    {
        var run = new SqlRun(Parse("SELECT topic() AS t, unnest(readings) FROM 'x'"), new SqlContext { Time = TimeProvider.System }, new SqlRunOptions());
        Assert.Equal(["""{"t":"x","v":1}""", """{"t":"x","v":2}"""], run.Process(Message("""{"readings":[{"v":1},{"v":2}]}""", 0), 0).Select(Text));
    }

    [Fact]
    public void Join_WithATable_FindsTheRowOrNothing()
    {
        var lookups = new ScriptedRows();
        var context = new SqlContext { Time = TimeProvider.System, Lookups = lookups };
        var statement = Parse("SELECT temperature AS t, l.limit AS most FROM 'x' JOIN TABLE limits AS l ON l.kind = kind WHERE temperature > l.limit");
        Assert.Equal("""{"t":31,"most":30}""", Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(statement.Evaluate(Message("""{"kind":"oven","temperature":31}""", 0), context)).Payload.Span));
        Assert.IsType<SqlResult.NoMatch>(statement.Evaluate(Message("""{"kind":"oven","temperature":29}""", 0), context));
        Assert.IsType<SqlResult.NoMatch>(statement.Evaluate(Message("""{"kind":"other","temperature":31}""", 0), context));
        var left = Parse("SELECT l.limit AS most, temperature FROM 'x' LEFT JOIN TABLE limits AS l ON l.kind = kind");
        Assert.Equal("""{"temperature":31}""", Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(left.Evaluate(Message("""{"kind":"other","temperature":31}""", 0), context)).Payload.Span));
    }

    [Theory]
    [InlineData("SELECT sum(a) AS s FROM 'x'", "sum needs a window")]
    [InlineData("SELECT a FROM 'x' GROUP BY a", "need a window")]
    [InlineData("SELECT a FROM 'x' GROUP BY TUMBLINGWINDOW(xx, 1)", "a unit: dd, hh, mi, ss or ms")]
    [InlineData("SELECT a FROM 'x' GROUP BY HOPPINGWINDOW(ss, 10)", "the hop")]
    [InlineData("SELECT a FROM 'x' GROUP BY COUNTWINDOW(3, 5)", "from 1 to 3")]
    [InlineData("SELECT a FROM 'x' GROUP BY COUNTWINDOW(3), COUNTWINDOW(3)", "a second window")]
    [InlineData("SELECT lag() AS p FROM 'x'", "lag has 0 arguments")]
    [InlineData("SELECT a FROM 'x' JOIN LIST y ON y.a = a", "TABLE, SHADOW or THING")]
    public void Statement_Wrong_SaysWhy(string sql, string message) =>
        Assert.Contains(message, SqlStatement.Parse(sql, SqlVersion.Edge1).Error!.ToString(), StringComparison.Ordinal);

    internal static SqlStatement Parse(string sql)
    {
        var parsed = SqlStatement.Parse(sql, SqlVersion.Edge1);
        Assert.True(parsed.Succeeded, parsed.Error?.ToString());
        var printed = parsed.Statement.Print();
        Assert.Equal(printed, SqlStatement.Parse(printed, SqlVersion.Edge1).Statement?.Print());
        return parsed.Statement;
    }

    internal static SqlMessage Message(string payload, long time, string topic = "x") => new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), Timestamp = time };

    internal static string Text(SqlFiring firing) => firing.Result is SqlResult.Output output ? Encoding.UTF8.GetString(output.Payload.Span) : firing.Result.ToString();

    private sealed class ScriptedRows : IRuleLookups
    {
        private readonly NoLookups _none = NoLookups.Instance;

        public RuleLookup GetThingShadow(string thingName, string? shadowName, string role) => _none.GetThingShadow(thingName, shadowName, role);

        public RuleLookup GetRegistryData(string api, string thingName, string role) => _none.GetRegistryData(api, thingName, role);

        public RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role) =>
            table == "limits" && keys is [{ Key: "kind", Value: "oven" }] ? RuleLookup.Found("""{"kind":"oven","limit":30}"""u8.ToArray()) : RuleLookup.Absent;

        public RuleLookup QueryTable(string table, string? hash, string? from, string? to) => RuleLookup.Absent;

        public RuleLookup GetReading(string series, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now) => RuleLookup.Absent;

        public RuleLookup GetRetained(string topic) => topic == "set/point" ? RuleLookup.Found("21.5"u8.ToArray()) : RuleLookup.Absent;

        public RuleLookup GetSecret(string secretId, string type, string role) => _none.GetSecret(secretId, type, role);

        public RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout) => _none.InvokeFunction(functionArn, json, timeout);

        public RuleLookup GetObject(string bucket, string key) => _none.GetObject(bucket, key);
    }
}
