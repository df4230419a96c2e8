namespace EdgeGateway.Api.Aws;

/// <summary>A request target exactly as it was on the wire, which signatures and <c>%2F</c> depend on.</summary>
/// <param name="Path">From the first slash.</param>
/// <param name="QueryString">Without the question mark; empty without a query.</param>
internal sealed record RawTarget(string Path, string QueryString)
{
    /// <param name="target">Origin form, or absolute form as sent to a proxy (RFC 9112 §3.2).</param>
    public static RawTarget Parse(string target)
    {
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var slash = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            target = slash < 0 ? "/" : target[slash..];
        }
        var question = target.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? new(target, "") : new(target[..question], target[(question + 1)..]);
    }

    /// <summary>Name and value of each pair as sent, still encoded; a pair without '=' has an empty value.</summary>
    public IEnumerable<(string Name, string Value)> Pairs()
    {
        foreach (var pair in QueryString.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
        }
    }

    /// <summary>The first value of that name, decoded; null when there is none.</summary>
    public string? Query(string name)
    {
        foreach (var (key, value) in Pairs())
            if (PercentEncoding.Decode(key) == name)
                return PercentEncoding.Decode(value);
        return null;
    }
}
