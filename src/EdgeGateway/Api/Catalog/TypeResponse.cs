using EdgeGateway.Registry;

namespace EdgeGateway.Api.Catalog;

/// <summary>One thing type.</summary>
/// <param name="DeprecatedAt">Null while things may be given it.</param>
public sealed record TypeResponse(
    string Name, string Id, string? Description, IReadOnlyList<string> SearchableAttributes, DateTimeOffset CreatedAt, DateTimeOffset? DeprecatedAt)
{
    internal static TypeResponse From(ThingType type) => new(
        type.Name, type.Id, type.Properties.Description, type.Properties.SearchableAttributes, DateTimeOffset.FromUnixTimeMilliseconds(type.CreatedAt),
        type.DeprecatedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
}
