namespace EdgeGateway.Rules.Sql;

/// <summary>Asks each question once, so that an evaluation and its explanation see the same answers and a function is called once.</summary>
internal sealed class RememberedLookups(IRuleLookups lookups) : IRuleLookups
{
    private readonly Dictionary<string, RuleLookup> _answers = new(StringComparer.Ordinal);

    public RuleLookup GetThingShadow(string thingName, string? shadowName, string role) =>
        Once($"shadow\n{thingName}\n{shadowName}\n{role}", () => lookups.GetThingShadow(thingName, shadowName, role));

    public RuleLookup GetRegistryData(string api, string thingName, string role) =>
        Once($"registry\n{api}\n{thingName}\n{role}", () => lookups.GetRegistryData(api, thingName, role));

    public RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role) =>
        Once($"table\n{table}\n{string.Join('\n', keys)}\n{role}", () => lookups.GetTableRow(table, keys, role));

    public RuleLookup QueryTable(string table, string? hash, string? from, string? to) =>
        Once($"query\n{table}\n{hash}\n{from}\n{to}", () => lookups.QueryTable(table, hash, from, to));

    public RuleLookup GetRetained(string topic) => Once($"retained\n{topic}", () => lookups.GetRetained(topic));

    public RuleLookup GetReading(string series, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now) =>
        Once($"reading\n{series}\n{string.Join('\n', dimensions)}\n{span}", () => lookups.GetReading(series, dimensions, span, now));

    public RuleLookup GetSecret(string secretId, string type, string role) =>
        Once($"secret\n{secretId}\n{type}\n{role}", () => lookups.GetSecret(secretId, type, role));

    public RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout) =>
        Once($"function\n{functionArn}\n{Convert.ToBase64String(json.Span)}", () => lookups.InvokeFunction(functionArn, json, timeout));

    public RuleLookup GetObject(string bucket, string key) => Once($"object\n{bucket}\n{key}", () => lookups.GetObject(bucket, key));

    private RuleLookup Once(string question, Func<RuleLookup> ask)
    {
        if (!_answers.TryGetValue(question, out var answer))
            _answers[question] = answer = ask();
        return answer;
    }
}
