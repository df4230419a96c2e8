namespace EdgeGateway.Sync;

/// <summary>What comes down.</summary>
/// <param name="Filter">Subscribed at the upstream; starts with <paramref name="StripPrefix"/>.</param>
/// <param name="StripPrefix">Taken off the topic before it is published here.</param>
public sealed record DownRoute(string Filter, string StripPrefix);
