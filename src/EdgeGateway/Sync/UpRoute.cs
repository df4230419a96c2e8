namespace EdgeGateway.Sync;

/// <summary>What goes up.</summary>
/// <param name="Filter">Of local topics; of several that match, the first in the configuration counts.</param>
/// <param name="Prefix">Put before the topic.</param>
public sealed record UpRoute(string Filter, string Prefix, MessageClass Class);
