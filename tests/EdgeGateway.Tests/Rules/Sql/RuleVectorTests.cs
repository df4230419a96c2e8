using System.Text.Json;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

public sealed class RuleVectorTests
{
    public static IEnumerable<TheoryDataRow<string>> Ids =>
        RuleVector.ById.Values.Select(vector => new TheoryDataRow<string>(vector.Id) { TestDisplayName = $"rules {vector.Id} {vector.Feature}" });

    [Theory]
    [Trait("Category", "Vectors")]
    [MemberData(nameof(Ids))]
    public void Vector(string id)
    {
        var vector = RuleVector.ById[id];
        var expect = vector.Expect;
        Assert.True(SqlVersions.TryParse(vector.Version, out var version));
        var parsed = SqlStatement.Parse(vector.Sql, version);
        var error = expect.TryGetProperty("error", out var kind) ? kind.GetString() : null;
        if (error == "parse")
        {
            Assert.False(parsed.Succeeded, "the statement should be refused");
            return;
        }
        Assert.True(parsed.Succeeded, parsed.Error?.ToString());

        var isIngest = RuleTopics.TryBasicIngest(vector.Topic, out var ingestedRule, out var rest);
        if (isIngest)
            Assert.Equal(vector.RuleName, ingestedRule);
        var message = new SqlMessage
        {
            Topic = isIngest ? rest : vector.Topic,
            Payload = vector.Payload,
            Timestamp = vector.Timestamp,
            ClientId = vector.ClientId,
            Principal = vector.Principal,
            TraceId = vector.TraceId ?? Guid.NewGuid().ToString(),
        };
        var context = new SqlContext
        {
            Time = TimeProvider.System,
            AccountId = vector.AccountId,
            Limits = SqlLimits.Default with { StrictLookups = true, MaxTime = TimeSpan.FromSeconds(30) },
            Lookups = new EmptyTables(),
        };
        var result = isIngest || RuleTopics.Listens(parsed.Statement, vector.Topic)
            ? parsed.Statement.Evaluate(message, context)
            : SqlResult.NoMatch.Instance;

        if (error == "limit")
        {
            Assert.True(Assert.IsType<SqlResult.Failed>(result).Failure.IsLimit);
            return;
        }
        if (!expect.GetProperty("match").GetBoolean())
        {
            Assert.IsType<SqlResult.NoMatch>(result);
            return;
        }
        var output = Assert.IsType<SqlResult.Output>(result);
        if (expect.TryGetProperty("output", out var wanted))
            AssertSame(wanted, JsonDocument.Parse(output.Payload).RootElement, "$");
        if (expect.TryGetProperty("outputBase64", out var bytes))
            Assert.Equal(bytes.GetBytesFromBase64(), output.Payload.ToArray());
        if (expect.TryGetProperty("rendered", out var rendered))
        {
            var template = SqlTemplate.Parse(vector.Template!, version, out var fault);
            Assert.True(template is not null, fault?.ToString());
            Assert.Equal(rendered.GetString(), template.Render(message, context, parsed.Statement, out _));
        }
    }

    private static void AssertSame(JsonElement expected, JsonElement actual, string at)
    {
        Assert.True(expected.ValueKind == actual.ValueKind, $"{at}: {actual.GetRawText()} instead of {expected.GetRawText()}");
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal), actual.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
                foreach (var member in expected.EnumerateObject())
                    AssertSame(member.Value, actual.GetProperty(member.Name), $"{at}.{member.Name}");
                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                for (var i = 0; i < expected.GetArrayLength(); i++)
                    AssertSame(expected[i], actual[i], $"{at}[{i}]");
                break;
            case JsonValueKind.Number:
                var (a, b) = (expected.GetDouble(), actual.GetDouble());
                Assert.True(a == b || Math.Abs(a - b) <= Math.Abs(a) * 1e-12 || (a == 0 && Math.Abs(b) < 1e-12), $"{at}: {b} instead of {a}");
                break;
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), actual.GetString());
                break;
        }
    }

    private sealed class EmptyTables : IRuleLookups
    {
        public RuleLookup GetThingShadow(string thingName, string? shadowName, string role) => RuleLookup.Absent;

        public RuleLookup GetRegistryData(string api, string thingName, string role) => RuleLookup.Absent;

        public RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role) => RuleLookup.Absent;

        public RuleLookup QueryTable(string table, string? hash, string? from, string? to) => RuleLookup.Absent;

        public RuleLookup GetRetained(string topic) => RuleLookup.Absent;

        public RuleLookup GetReading(string series, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now) => RuleLookup.Absent;

        public RuleLookup GetSecret(string secretId, string type, string role) => RuleLookup.Absent;

        public RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout) => RuleLookup.Absent;

        public RuleLookup GetObject(string bucket, string key) => RuleLookup.Absent;
    }
}
