namespace EdgeGateway.Registry;

/// <summary>What the maker of a thing type says about it.</summary>
/// <param name="Description">Up to 2028 printable characters; null if never given.</param>
/// <param name="SearchableAttributes">Up to 3 attribute names; fixed at creation.</param>
/// <param name="PropagatingAttributes">Attributes that messages of such things carry as MQTT 5 user properties; null if never given.</param>
public sealed record ThingTypeProperties(string? Description, IReadOnlyList<string> SearchableAttributes, IReadOnlyList<PropagatingAttribute>? PropagatingAttributes)
{
    public static ThingTypeProperties None { get; } = new(null, [], null);

    public bool Equals(ThingTypeProperties? other) =>
        other is not null && Description == other.Description && SearchableAttributes.Order(StringComparer.Ordinal).SequenceEqual(other.SearchableAttributes.Order(StringComparer.Ordinal))
        && (PropagatingAttributes ?? []).SequenceEqual(other.PropagatingAttributes ?? []);

    public override int GetHashCode() => HashCode.Combine(Description, SearchableAttributes.Count, PropagatingAttributes?.Count ?? 0);
}
