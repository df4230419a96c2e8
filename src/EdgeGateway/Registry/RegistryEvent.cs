namespace EdgeGateway.Registry;

/// <summary>How a change looks on <c>$aws/events/</c>.</summary>
/// <param name="Category">The switch that lets it out.</param>
/// <param name="Topic">Below <c>$aws/events/</c>.</param>
internal sealed record RegistryEvent(string Category, string EventType, string Operation, string Topic);
