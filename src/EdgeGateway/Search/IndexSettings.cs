namespace EdgeGateway.Search;

/// <summary>What is indexed: AWS's indexing configuration.</summary>
public sealed record IndexSettings
{
    /// <summary>Things at all.</summary>
    public bool Things { get; init; }

    /// <summary>Their classic shadows.</summary>
    public bool Shadows { get; init; }

    /// <summary>Whether they are connected.</summary>
    public bool Connectivity { get; init; }

    public bool NamedShadows { get; init; }

    /// <summary>Which named shadows; empty: all of them.</summary>
    public IReadOnlyList<string> NamedShadowNames { get; init; } = [];

    /// <summary>Fields that hold places; of one that is not among them a text or an array begins with the latitude.</summary>
    public IReadOnlyList<GeoLocation> GeoLocations { get; init; } = [];

    public IReadOnlyList<CustomField> ThingFields { get; init; } = [];

    /// <summary>Thing groups.</summary>
    public bool Groups { get; init; }

    public IReadOnlyList<CustomField> GroupFields { get; init; } = [];

    public static IndexSettings Off { get; } = new();

    /// <summary>Everything there is.</summary>
    public static IndexSettings Everything { get; } = new() { Things = true, Shadows = true, Connectivity = true, NamedShadows = true, Groups = true };

    /// <summary>Whether this named shadow is indexed.</summary>
    public bool Has(string shadowName) => Things && NamedShadows && (NamedShadowNames.Count == 0 || NamedShadowNames.Contains(shadowName));

    public bool Equals(IndexSettings? other) =>
        other is not null && (Things, Shadows, Connectivity, NamedShadows, Groups) == (other.Things, other.Shadows, other.Connectivity, other.NamedShadows, other.Groups)
        && NamedShadowNames.SequenceEqual(other.NamedShadowNames) && GeoLocations.SequenceEqual(other.GeoLocations) && ThingFields.SequenceEqual(other.ThingFields) && GroupFields.SequenceEqual(other.GroupFields);

    public override int GetHashCode() => HashCode.Combine(Things, Shadows, Connectivity, NamedShadows, Groups);
}
