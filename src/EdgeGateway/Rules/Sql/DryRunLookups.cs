using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>What a dry run or trace may ask: everything that only reads; secrets come as a word in their place, functions are not called.</summary>
/// <param name="functions">Answers of functions that were called already; null: none is called.</param>
internal sealed class DryRunLookups(IRuleLookups lookups, RememberedLookups? functions = null) : IRuleLookups
{
    private static readonly RuleLookup Redacted = RuleLookup.Found(Encoding.UTF8.GetBytes("\"(secret)\""));

    public RuleLookup GetThingShadow(string thingName, string? shadowName, string role) => lookups.GetThingShadow(thingName, shadowName, role);

    public RuleLookup GetRegistryData(string api, string thingName, string role) => lookups.GetRegistryData(api, thingName, role);

    public RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role) => lookups.GetTableRow(table, keys, role);

    public RuleLookup QueryTable(string table, string? hash, string? from, string? to) => lookups.QueryTable(table, hash, from, to);

    public RuleLookup GetRetained(string topic) => lookups.GetRetained(topic);

    public RuleLookup GetReading(string series, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now) => lookups.GetReading(series, dimensions, span, now);

    public RuleLookup GetSecret(string secretId, string type, string role) =>
        lookups.GetSecret(secretId, type, role) is { Error: null, IsFound: true } ? Redacted : lookups.GetSecret(secretId, type, role);

    public RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout) =>
        functions?.InvokeFunction(functionArn, json, timeout) ?? RuleLookup.Failed($"{functionArn} is not called: nothing is carried out in a trial");

    public RuleLookup GetObject(string bucket, string key) => lookups.GetObject(bucket, key);
}
