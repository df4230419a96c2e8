using System.Text;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>Answers as told and keeps what was asked.</summary>
internal sealed class ScriptedLookups : IRuleLookups
{
    public List<string> Asked { get; } = [];

    public RuleLookup Object { get; init; } = RuleLookup.Absent;

    public RuleLookup Row { get; init; } = RuleLookup.Absent;

    public RuleLookup Shadow { get; init; } = RuleLookup.Absent;

    public RuleLookup Secret { get; init; } = RuleLookup.Absent;

    public RuleLookup GetThingShadow(string thingName, string? shadowName, string role) => Note($"shadow {thingName} {shadowName} {role}", Shadow);

    public RuleLookup GetRegistryData(string api, string thingName, string role) => Note($"registry {api} {thingName} {role}", RuleLookup.Absent);

    public RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role) =>
        Note($"table {table} {string.Join(',', keys.Select(key => $"{key.Key}={key.Value}"))} {role}", Row);

    public RuleLookup QueryTable(string table, string? hash, string? from, string? to) => RuleLookup.Absent;

    public RuleLookup GetRetained(string topic) => RuleLookup.Absent;

    public RuleLookup GetReading(string series, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now) => RuleLookup.Absent;

    public RuleLookup GetSecret(string secretId, string type, string role) => Note($"secret {secretId} {type} {role}", Secret);

    public RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout) =>
        Note($"function {functionArn} {Encoding.UTF8.GetString(json.Span)}", RuleLookup.Found(json));

    public RuleLookup GetObject(string bucket, string key) => Note($"object {bucket} {key}", Object);

    private RuleLookup Note(string asked, RuleLookup answer)
    {
        Asked.Add(asked);
        return answer;
    }
}
