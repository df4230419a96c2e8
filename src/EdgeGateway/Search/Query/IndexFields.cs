namespace EdgeGateway.Search.Query;

/// <summary>Which fields there are (AWS guide: Fleet indexing), and the part of an entry that holds each.</summary>
internal static class IndexFields
{
    public const string ThingName = "thingName", ThingId = "thingId", ThingType = "thingTypeName", ThingGroups = "thingGroupNames", Version = "registry.version";
    public const string GroupName = "thingGroupName", GroupId = "thingGroupId", Description = "thingGroupDescription", ParentGroups = "parentGroupNames";
    public const string Attributes = "attributes.";
    public const string Connected = "connectivity.connected", ConnectivityTime = "connectivity.timestamp", DisconnectReason = "connectivity.disconnectReason";
    public const string HasDelta = "hasDelta", ShadowVersion = "version";
    private static readonly string[] ShadowSections = ["desired.", "reported.", "delta.", "metadata."];

    /// <summary>Fields that AWS names without being asked, and their types.</summary>
    public static IReadOnlyList<CustomField> ManagedOf(IndexSettings settings)
    {
        var fields = new List<CustomField>
        {
            new(ThingName, FieldType.String), new(ThingId, FieldType.String), new(Version, FieldType.Number),
            new("registry.thingTypeName", FieldType.String), new("registry.thingGroupNames", FieldType.String),
        };
        if (settings.Shadows)
            fields.AddRange([new("shadow.version", FieldType.Number), new("shadow.hasDelta", FieldType.Boolean)]);
        if (settings.NamedShadows)
            fields.AddRange([new("shadow.name.*.version", FieldType.Number), new("shadow.name.*.hasDelta", FieldType.Boolean)]);
        if (settings.Connectivity)
            fields.AddRange([new(Connected, FieldType.Boolean), new(ConnectivityTime, FieldType.Number), new(DisconnectReason, FieldType.String)]);
        return fields;
    }

    public static IReadOnlyList<CustomField> ManagedGroupFields { get; } =
        [new(GroupName, FieldType.String), new(GroupId, FieldType.String), new(Description, FieldType.String), new(ParentGroups, FieldType.String), new("version", FieldType.Number)];

    /// <summary>Finds a field of the index of things.</summary>
    /// <exception cref="QueryException">There is none of that name, or it is not indexed.</exception>
    public static QueryField OfThing(string name, int position, IndexSettings settings) =>
        Find(name, position, settings) is var field && settings.GeoLocations.Any(location => location.IsLonLat && location.Name == name) ? field with { IsLonLat = true } : field;

    /// <summary>Finds a field that may hold a place: an attribute or a value of a shadow.</summary>
    /// <exception cref="QueryException">It may not.</exception>
    public static QueryField OfPlace(string name, IndexSettings settings)
    {
        var field = OfThing(name, 1, settings);
        return field.MayHoldPlace ? field : throw NoPlace(name, 1);
    }

    public static QueryException NoPlace(string name, int position) => new(position, $"'{name}' holds no place, expected attributes.NAME or a value of a shadow");

    private static QueryField Find(string name, int position, IndexSettings settings)
    {
        switch (name)
        {
            case ThingName or ThingId or ThingType or ThingGroups or Version:
                return new(name, FieldPart.Registry);
            case "registry.thingTypeName" or "registry.thingGroupNames":
                return new(name["registry.".Length..], FieldPart.Registry);
            case Connected or ConnectivityTime or DisconnectReason:
                return settings.Connectivity ? new(name, FieldPart.Connectivity) : throw NotIndexed("connectivity", "thingConnectivityIndexingMode STATUS");
        }
        if (name.StartsWith(Attributes, StringComparison.Ordinal) && name.Length > Attributes.Length)
            return new(name, FieldPart.Registry);
        if (name.StartsWith("shadow.name.", StringComparison.Ordinal))
            return Named(name["shadow.name.".Length..]);
        if (name.StartsWith("shadow.", StringComparison.Ordinal) && IsOfShadow(name["shadow.".Length..]))
            return settings.Shadows ? new(name, FieldPart.Shadow) : throw NotIndexed("the classic shadow", "thingIndexingMode REGISTRY_AND_SHADOW");
        throw new QueryException(
            position, $"there is no field '{name}', expected thingName, thingId, thingTypeName, thingGroupNames, attributes.NAME, connectivity.connected|timestamp|disconnectReason, shadow.reported|desired|delta|metadata.PATH, shadow.hasDelta or shadow.name.NAME.…");

        QueryField Named(string rest)
        {
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || !IsOfShadow(rest[(dot + 1)..]))
                throw new QueryException(position, $"'{name}' is no field of a named shadow, expected shadow.name.NAME.reported|desired|delta|metadata.PATH or shadow.name.NAME.hasDelta");
            return settings.Has(rest[..dot]) ? new(name, FieldPart.Shadow, rest[..dot]) : throw NotIndexed($"the named shadow {rest[..dot]}", "namedShadowIndexingMode ON and its name in filter.namedShadowNames");
        }

        QueryException NotIndexed(string what, string setting) => new(position, $"{what} is not indexed: the field '{name}' needs {setting}");
    }

    /// <summary>Finds a field of the index of thing groups.</summary>
    /// <exception cref="QueryException">There is none of that name.</exception>
    public static QueryField OfGroup(string name, int position) => name switch
    {
        GroupName or GroupId or Description or ParentGroups or "version" => new(name, FieldPart.Registry),
        "description" => new(Description, FieldPart.Registry),
        _ when name.StartsWith(Attributes, StringComparison.Ordinal) && name.Length > Attributes.Length => new(name, FieldPart.Registry),
        _ => throw new QueryException(position, $"there is no field '{name}', expected thingGroupName, thingGroupId, thingGroupDescription, parentGroupNames or attributes.NAME"),
    };

    private static bool IsOfShadow(string rest) =>
        rest is HasDelta or ShadowVersion || ShadowSections.Any(section => rest.StartsWith(section, StringComparison.Ordinal) && rest.Length > section.Length);
}
