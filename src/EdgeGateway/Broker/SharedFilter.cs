namespace EdgeGateway.Broker;

/// <summary>The two parts of <c>$share/NAME/FILTER</c> (MQTT 5.0 §4.8.2).</summary>
public static class SharedFilter
{
    private const string Prefix = "$share/";

    public static bool IsShared(string filter) => filter.StartsWith(Prefix, StringComparison.Ordinal);

    /// <returns>False: the name is empty or holds a wildcard, or no filter follows [MQTT-4.8.2-1], [MQTT-4.8.2-2].</returns>
    public static bool TrySplit(string filter, out string name, out string rest)
    {
        name = rest = "";
        if (!IsShared(filter))
            return false;
        var slash = filter.IndexOf('/', Prefix.Length);
        if (slash < 0)
            return false;
        name = filter[Prefix.Length..slash];
        rest = filter[(slash + 1)..];
        return name.Length > 0 && !name.AsSpan().ContainsAny('+', '#') && rest.Length > 0;
    }
}
