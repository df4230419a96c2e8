using EdgeGateway.Registry;

namespace EdgeGateway.Search;

/// <summary>A thing that a query found, as it is now.</summary>
/// <param name="Groups">Names of the groups it is in itself.</param>
/// <param name="Shadow">JSON object: <c>reported</c>, <c>desired</c>, <c>delta</c>, <c>metadata</c>, <c>hasDelta</c>, <c>version</c> of the classic shadow, the named ones below <c>name</c>; null if it has none that are indexed.</param>
/// <param name="Connectivity">Null where it is not indexed or nothing is known.</param>
public sealed record FoundThing(Thing Thing, IReadOnlyList<string> Groups, string? Shadow, Connectivity? Connectivity);
