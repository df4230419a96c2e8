namespace EdgeGateway.Rules.Sql;

internal enum SqlPayloadKind
{
    /// <summary>No bytes: counts as `{}` for `*, x AS y` (AWS guide: Binary payloads).</summary>
    Empty,
    Object,
    Array,

    /// <summary>A JSON number, string, Boolean or null, treated like text.</summary>
    Scalar,

    /// <summary>Not JSON.</summary>
    Binary,
}
