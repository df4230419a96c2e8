using System.Text.Json;
using EdgeGateway.Search;

namespace EdgeGateway.Api;

/// <summary>A thing that a search found.</summary>
/// <param name="Groups">Those it is in itself.</param>
/// <param name="Connected">Null where nothing is known of its client.</param>
/// <param name="Since">When that began.</param>
/// <param name="DisconnectReason">As lifecycle events print it.</param>
/// <param name="Shadow">Its shadows: <c>reported</c>, <c>desired</c>, <c>delta</c>…, the named ones below <c>name</c>.</param>
public sealed record FoundThingResponse(
    string Name, string? Type, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string> Attributes, bool? Connected, DateTimeOffset? Since, string? DisconnectReason, JsonElement? Shadow)
{
    internal static FoundThingResponse From(FoundThing found) => new(
        found.Thing.Name, found.Thing.TypeName, found.Groups, found.Thing.Attributes, found.Connectivity?.Connected,
        found.Connectivity is { } connectivity ? DateTimeOffset.FromUnixTimeMilliseconds(connectivity.Timestamp) : null, found.Connectivity?.DisconnectReason,
        found.Shadow is { } shadow ? JsonElement.Parse(shadow) : null);
}
