using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

public sealed class SqlParserTests
{
    /// <summary>Ten mistakes beginners make: where, what, and what would be right.</summary>
    [Theory]
    [InlineData("SELECT temperature FROM sensors/+/telemetry", 1, 25, "in quotes")]
    [InlineData("SELECT a,\nFROM 'a/b'", 2, 1, "no comma before it")]
    [InlineData("SELECT a FROM 'a/b' WHERE a =", 1, 30, "a value")]
    [InlineData("SELECT a FROM 'a/#/b'", 1, 15, "# alone in the last level")]
    [InlineData("SELECT uper(a) FROM 'a/b'", 1, 8, "upper")]
    [InlineData("SELECT a FROM 'a/b' GROUP BY a", 1, 21, "one SELECT")]
    [InlineData("SELECT a FROM 'a/b';", 1, 20, "WHERE or the end")]
    [InlineData("SELECT a.my-key FROM 'a/b' WHERE a.1 = 2", 1, 36, "a name")]
    [InlineData("SELECT 'open FROM x", 1, 8, "a value")]
    [InlineData("SELECT (a + 1 AS b FROM 'a/b'", 1, 15, "\")\"")]
    [InlineData("SELECT @x FROM 'a/b'", 1, 8, "SET @x")]
    [InlineData("SELECT a FROM '$aws/rules/x/#'", 1, 15, "topic filter")]
    public void Parse_Mistake_SaysWhereAndWhatWasExpected(string sql, int line, int column, string expected)
    {
        var error = SqlStatement.Parse(sql, SqlVersion.V20160323).Error;
        Assert.NotNull(error);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT [1] AS a FROM 'a/b'")]
    [InlineData("SELECT {'a': 1} AS a FROM 'a/b'")]
    [InlineData("SELECT (SELECT b FROM c) AS a FROM 'a/b'")]
    [InlineData("SET @a = 1 SELECT @a FROM 'a/b'")]
    [InlineData("SELECT a FROM 'a/b' WHERE 1 IN c")]
    [InlineData("SELECT encode(*, 'base64') AS a FROM 'a/b'")]
    [InlineData("SELECT cast(a AS Decimal) AS a FROM 'a/b'")]
    [InlineData("SELECT get_or_default(a, 1) AS a FROM 'a/b'")]
    public void Parse_2016ConstructIn2015Rule_IsRefused(string sql)
    {
        Assert.True(SqlStatement.Parse(sql, SqlVersion.V20160323).Succeeded);
        var refused = SqlStatement.Parse(sql, SqlVersion.V20151008);
        Assert.Contains("2015-10-08", refused.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Print_EveryVector_ParsesToTheSameStatement()
    {
        foreach (var vector in RuleVector.ById.Values)
        {
            Assert.True(SqlVersions.TryParse(vector.Version, out var version));
            if (SqlStatement.Parse(vector.Sql, version).Statement is not { } statement)
                continue;
            var printed = statement.Print();
            var again = SqlStatement.Parse(printed, version);
            Assert.True(again.Succeeded, $"{vector.Id}: {printed}: {again.Error}");
            Assert.Equal(printed, again.Statement.Print());
            Assert.Equal(statement.Filter, again.Statement.Filter);
        }
    }

    [Theory]
    [InlineData("SELECT value AS v FROM 'a/b'", "SELECT value AS v FROM 'a/b'")]
    [InlineData("SELECT VALUE value FROM 'a/b'", "SELECT VALUE value FROM 'a/b'")]
    [InlineData("SELECT VALUE * FROM 'a/b'", "SELECT VALUE * FROM 'a/b'")]
    [InlineData("select 'it''s' as a from 'a/b'", "SELECT 'it''s' AS a FROM 'a/b'")]
    [InlineData("SELECT NOT a = b AND c OR d AS x FROM 'a/b'", "SELECT (((NOT (a = b)) AND c) OR d) AS x FROM 'a/b'")]
    [InlineData("SELECT a.then AS x, get(b, 'c').END AS y, 2.THEN AS z FROM 'a/b'", "SELECT a.then AS x, get(b, 'c').END AS y, 2.THEN AS z FROM 'a/b'")]
    [InlineData("SELECT -a * b - -1 AS x FROM 'a/b'", "SELECT (((-a) * b) - (-1)) AS x FROM 'a/b'")]
    public void Print_Statement_ShowsHowItBinds(string sql, string printed) =>
        Assert.Equal(printed, SqlStatement.Parse(sql, SqlVersion.V20160323).Statement?.Print());

    [Theory]
    [InlineData("(", 100)]
    [InlineData("NOT ", 100)]
    [InlineData("abs(", 100)]
    [InlineData("[", 5000)]
    [InlineData("1+", 5000)]
    [InlineData("CASE a WHEN ", 5000)]
    public void Parse_DeepNesting_IsRefusedNotOverflown(string piece, int times)
    {
        var sql = $"SELECT {string.Concat(Enumerable.Repeat(piece, times))}1 AS x FROM 'a/b'";
        Assert.False(SqlStatement.Parse(sql, SqlVersion.V20160323).Succeeded);
    }

    [Fact]
    public void Parse_LongFlatList_IsFine()
    {
        var sql = $"SELECT * FROM 'a/b' WHERE {string.Join(" OR ", Enumerable.Range(0, 900).Select(i => $"a = {i}"))}";
        Assert.True(SqlStatement.Parse(sql, SqlVersion.V20160323).Succeeded);
    }
}
