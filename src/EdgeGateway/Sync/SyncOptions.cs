using EdgeGateway.Configuration;

namespace EdgeGateway.Sync;

public sealed record SyncOptions(IReadOnlyList<UpstreamOptions> Upstreams)
{
    /// <param name="root">The configuration's root: upstreams are the list <c>upstream</c>.</param>
    internal static SyncOptions Read(ConfigurationNode root)
    {
        var upstreams = new List<UpstreamOptions>();
        foreach (var item in root.Items("upstream"))
        {
            var upstream = UpstreamOptions.Read(item);
            if (upstreams.Any(other => string.Equals(other.Name, upstream.Name, StringComparison.OrdinalIgnoreCase)))
                item.Fault("name", $"is '{upstream.Name}' a second time, expected a name of its own");
            upstreams.Add(upstream);
        }
        return new(upstreams);
    }
}
