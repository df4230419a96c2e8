namespace EdgeGateway.Rules.Sql;

/// <summary>Where nothing can be asked, as at a dry run without a gateway: each question fails in words.</summary>
internal sealed class NoLookups(string reason) : IRuleLookups
{
    public static readonly NoLookups Instance = new("there is nothing to ask here: the statement runs outside a gateway");
    public static readonly NoLookups InErrorActions = new("an error action may not ask other parts of the gateway");
    private readonly RuleLookup _refused = RuleLookup.Failed(reason);

    public RuleLookup GetThingShadow(string thingName, string? shadowName, string role) => _refused;

    public RuleLookup GetRegistryData(string api, string thingName, string role) => _refused;

    public RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role) => _refused;

    public RuleLookup QueryTable(string table, string? hash, string? from, string? to) => _refused;

    public RuleLookup GetRetained(string topic) => _refused;

    public RuleLookup GetReading(string series, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now) => _refused;

    public RuleLookup GetSecret(string secretId, string type, string role) => _refused;

    public RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout) => _refused;

    public RuleLookup GetObject(string bucket, string key) => _refused;
}
