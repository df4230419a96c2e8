using System.Text.Json;
using EdgeGateway.Search;
using EdgeGateway.Search.Query;

namespace EdgeGateway.Api.Aws;

/// <summary>The settings of the fleet index in AWS's words.</summary>
internal static class IndexingConfiguration
{
    /// <summary>Each of the two parts that is given is put whole in the place of what there was.</summary>
    public static IndexSettings Read(AwsObject body, IndexSettings now)
    {
        var settings = now;
        if (body.Object("thingIndexingConfiguration") is { } things)
        {
            var mode = OneOf(things, "thingIndexingConfiguration", "thingIndexingMode", "OFF", "REGISTRY", "REGISTRY_AND_SHADOW") ?? throw AwsException.Missing("thingIndexingConfiguration.thingIndexingMode");
            if (OneOf(things, "thingIndexingConfiguration", "deviceDefenderIndexingMode", "OFF", "VIOLATIONS") == "VIOLATIONS")
                throw AwsException.InvalidRequest("thingIndexingConfiguration.deviceDefenderIndexingMode is VIOLATIONS, but Device Defender detects violations in the cloud: expected OFF");
            var filter = things.Object("filter");
            settings = settings with
            {
                Things = mode != "OFF",
                Shadows = mode == "REGISTRY_AND_SHADOW",
                Connectivity = OneOf(things, "thingIndexingConfiguration", "thingConnectivityIndexingMode", "OFF", "STATUS") == "STATUS",
                NamedShadows = OneOf(things, "thingIndexingConfiguration", "namedShadowIndexingMode", "OFF", "ON") == "ON",
                NamedShadowNames = filter?.Strings("namedShadowNames") ?? [],
                GeoLocations = [.. (filter?.Objects("geoLocations") ?? []).Select(static location => new GeoLocation(
                    location.Required("name"), OneOf(location, "thingIndexingConfiguration.filter.geoLocations", "order", "LatLon", "LonLat") == "LonLat"))],
                ThingFields = Fields(things),
            };
        }
        if (body.Object("thingGroupIndexingConfiguration") is { } groups)
        {
            var mode = OneOf(groups, "thingGroupIndexingConfiguration", "thingGroupIndexingMode", "OFF", "ON") ?? throw AwsException.Missing("thingGroupIndexingConfiguration.thingGroupIndexingMode");
            settings = settings with { Groups = mode == "ON", GroupFields = Fields(groups) };
        }
        return settings;
    }

    public static void Write(Utf8JsonWriter writer, IndexSettings settings)
    {
        writer.WriteObject("thingIndexingConfiguration", things =>
        {
            things.WriteString("thingIndexingMode"u8, !settings.Things ? "OFF" : settings.Shadows ? "REGISTRY_AND_SHADOW" : "REGISTRY");
            things.WriteString("thingConnectivityIndexingMode"u8, settings.Connectivity ? "STATUS" : "OFF");
            things.WriteString("deviceDefenderIndexingMode"u8, "OFF");
            things.WriteString("namedShadowIndexingMode"u8, settings.NamedShadows ? "ON" : "OFF");
            if (settings.Things)
                things.WriteObjects("managedFields", IndexFields.ManagedOf(settings), WriteField);
            things.WriteObjects("customFields", settings.ThingFields, WriteField);
            if (settings.NamedShadowNames.Count + settings.GeoLocations.Count > 0)
                things.WriteObject("filter", filter => WriteFilter(filter, settings));
        });
        writer.WriteObject("thingGroupIndexingConfiguration", groups =>
        {
            groups.WriteString("thingGroupIndexingMode"u8, settings.Groups ? "ON" : "OFF");
            if (settings.Groups)
                groups.WriteObjects("managedFields", IndexFields.ManagedGroupFields, WriteField);
            groups.WriteObjects("customFields", settings.GroupFields, WriteField);
        });
    }

    /// <summary>What DescribeIndex says of the index of things.</summary>
    public static string Schema(IndexSettings settings) => settings switch
    {
        { NamedShadows: true } => "MULTI_INDEXING_MODE",
        { Shadows: true, Connectivity: true } => "REGISTRY_AND_SHADOW_AND_CONNECTIVITY_STATUS",
        { Connectivity: true } => "REGISTRY_AND_CONNECTIVITY_STATUS",
        { Shadows: true } => "REGISTRY_AND_SHADOW",
        _ => "REGISTRY",
    };

    private static void WriteFilter(Utf8JsonWriter writer, IndexSettings settings)
    {
        if (settings.NamedShadowNames.Count > 0)
            writer.WriteStrings("namedShadowNames", settings.NamedShadowNames);
        if (settings.GeoLocations.Count > 0)
            writer.WriteObjects("geoLocations", settings.GeoLocations, static (location, each) =>
            {
                location.WriteString("name"u8, each.Name);
                location.WriteString("order"u8, each.IsLonLat ? "LonLat" : "LatLon");
            });
    }

    private static void WriteField(Utf8JsonWriter writer, CustomField field)
    {
        writer.WriteString("name"u8, field.Name);
        writer.WriteString("type"u8, field.Type.ToString());
    }

    private static CustomField[] Fields(AwsObject part) => [.. (part.Objects("customFields") ?? []).Select(static field =>
        new CustomField(
            field.Required("name"),
            Enum.TryParse<FieldType>(field.Required("type"), out var type) && Enum.IsDefined(type) ? type : throw AwsException.InvalidRequest($"customFields: the type of {field.Required("name")} is '{field.Required("type")}', expected Number, String or Boolean")))];

    private static string? OneOf(AwsObject part, string path, string name, params ReadOnlySpan<string> allowed) =>
        part.String(name) is not { } value ? null
        : allowed.Contains(value) ? value
        : throw AwsException.InvalidRequest($"{path}.{name} is '{value}', expected {string.Join(" or ", allowed.ToArray())}");
}
