namespace EdgeGateway.Rules.Sql;

/// <summary>What the functions ask that look beyond the message. Called during evaluation, so answers come from this machine and at once.</summary>
internal interface IRuleLookups
{
    /// <param name="shadowName">Null for the classic shadow.</param>
    RuleLookup GetThingShadow(string thingName, string? shadowName, string role);

    /// <param name="api">`DescribeThing` or `ListThingGroupsForThing`; answers as that API does.</param>
    RuleLookup GetRegistryData(string api, string thingName, string role);

    /// <param name="keys">One or two key columns with their values (String or number).</param>
    RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role);

    /// <summary>Up to a hundred rows of a table in the order of their keys, as a JSON list.</summary>
    /// <param name="hash">Null: of all hash keys.</param>
    RuleLookup QueryTable(string table, string? hash, string? from, string? to);

    /// <summary>The last reading of a series, or the mean of its last ones.</summary>
    /// <param name="series">`DATABASE.TABLE.MEASURE`.</param>
    /// <param name="dimensions">Those that the series' own must hold.</param>
    /// <param name="span">Null: the last one; else the mean over so long, from <paramref name="now"/> back.</param>
    /// <param name="now">Unix milliseconds.</param>
    RuleLookup GetReading(string series, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now);

    /// <summary>The payload of a topic's retained message; one that is no JSON comes as a JSON string, base64 unless it is UTF-8.</summary>
    RuleLookup GetRetained(string topic);

    /// <param name="type">`SecretString` or `SecretBinary`; the answer is a JSON string, base64 for binary.</param>
    RuleLookup GetSecret(string secretId, string type, string role);

    RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout);

    /// <summary>A protobuf descriptor set; <see cref="RuleLookup.Bytes"/> are the file's.</summary>
    RuleLookup GetObject(string bucket, string key);
}
