using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

public sealed class SqlLintTests
{
    [Theory]
    [InlineData("SELECT * FROM 'a/b' WHERE \"temperature\" > 30", 27, "always Undefined: > wants numbers", "temperature without quotes")]
    [InlineData("SELECT * FROM 'a/b' WHERE true < x", 27, "always Undefined: < wants numbers, and TRUE is the Boolean true", "")]
    [InlineData("SELECT power(2) AS p FROM 'a/b'", 8, "always Undefined: power takes 2 arguments, not 1", "")]
    [InlineData("SELECT substring(a) AS p FROM 'a/b'", 8, "always Undefined: substring takes 2 or 3 arguments, not 1", "")]
    [InlineData("SELECT cast(a AS number) AS p FROM 'a/b'", 8, "always Undefined: there is no type number", "Decimal")]
    [InlineData("SELECT encode(a, 'hex') AS p FROM 'a/b'", 18, "always Undefined: encode knows no scheme hex", "'base64'")]
    [InlineData("SELECT decode(a, 'cbor') AS p FROM 'a/b'", 18, "always Undefined: decode knows no scheme cbor in 2016-03-23", "proto")]
    [InlineData("SELECT regexp_matches(a, '(') AS p FROM 'a/b'", 26, "is no regular expression", "")]
    [InlineData("SELECT topic(3) AS p FROM 'a/b'", 8, "always Undefined: a/b has 2 levels", "")]
    [InlineData("SELECT topic(0) AS p FROM 'a/#'", 8, "counted from 1", "")]
    [InlineData("SELECT temperature AS t FROM 'a/b' WHERE t > 30", 42, "WHERE does not see the name t", "temperature")]
    [InlineData("SELECT * FROM 'a/b' WHERE 1 = 2", 29, "WHERE never holds", "")]
    [InlineData("SELECT * FROM 'a/b' WHERE upper(a) = 5", 36, "never true: upper(a) is a String, 5 is the number 5", "")]
    [InlineData("SELECT CASE a WHEN 1 THEN 'x' WHEN 1 THEN 'y' END AS c FROM 'a/b'", 36, "never reached", "")]
    [InlineData("SELECT * FROM 'a/b' WHERE a IN 'x'", 32, "IN wants an Array", "")]
    [InlineData("SELECT * FROM 'a/b' WHERE a AND 5", 33, "AND wants true or false, and 5 is the number 5", "")]
    [InlineData("SELECT a / 0 AS x FROM 'a/b'", 10, "a division by zero", "")]
    [InlineData("SELECT a + NULL AS x FROM 'a/b'", 10, "+ adds numbers or joins Strings", "")]
    public void Of_WhatCannotBeMeant_SaysWhereAndWhy(string sql, int column, string message, string expected)
    {
        var finding = Assert.Single(Lint(sql));
        Assert.Equal((1, column), (finding.Line, finding.Column));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Contains(expected, finding.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT temperature FROM 'a/b' WHERE temperature > 30 AND color <> 'red'")]
    [InlineData("SELECT topic(4) AS t FROM 'a/#' WHERE isUndefined(x) OR x = NULL")]
    [InlineData("SELECT temperature * 2 AS temperature FROM 'a/b' WHERE temperature > 30")]
    [InlineData("SELECT * FROM 'a/b' WHERE '5' > x")]
    public void Of_WhatMayBeMeant_FindsNothing(string sql) => Assert.Empty(Lint(sql));

    [Fact]
    public void Of_EveryVectorThatMatches_NeverSaysWhereNeverHolds()
    {
        foreach (var vector in RuleVector.ById.Values.Where(static vector => vector.Expect.TryGetProperty("match", out var match) && match.ValueKind == System.Text.Json.JsonValueKind.True))
        {
            if (SqlVersions.TryParse(vector.Version, out var version) && SqlStatement.Parse(vector.Sql, version).Statement is { } statement)
                Assert.DoesNotContain(SqlLint.Of(statement), static finding => finding.Message.Contains("WHERE never holds", StringComparison.Ordinal));
        }
    }

    private static IReadOnlyList<SqlError> Lint(string sql)
    {
        var parsed = SqlStatement.Parse(sql, SqlVersion.V20160323);
        Assert.True(parsed.Succeeded, parsed.Error?.ToString());
        return SqlLint.Of(parsed.Statement);
    }
}
