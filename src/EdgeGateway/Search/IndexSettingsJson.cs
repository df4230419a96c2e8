using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Search;

/// <summary>Settings as they are kept.</summary>
internal static class IndexSettingsJson
{
    public static string Write(IndexSettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("things"u8, settings.Things);
            json.WriteBoolean("shadows"u8, settings.Shadows);
            json.WriteBoolean("connectivity"u8, settings.Connectivity);
            json.WriteBoolean("namedShadows"u8, settings.NamedShadows);
            json.WriteStartArray("namedShadowNames"u8);
            foreach (var name in settings.NamedShadowNames)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartObject("geoLocations"u8);
            foreach (var location in settings.GeoLocations)
                json.WriteBoolean(location.Name, location.IsLonLat);
            json.WriteEndObject();
            WriteFields(json, "thingFields", settings.ThingFields);
            json.WriteBoolean("groups"u8, settings.Groups);
            WriteFields(json, "groupFields", settings.GroupFields);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static IndexSettings Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        return new()
        {
            Things = root.GetProperty("things").GetBoolean(),
            Shadows = root.GetProperty("shadows").GetBoolean(),
            Connectivity = root.GetProperty("connectivity").GetBoolean(),
            NamedShadows = root.GetProperty("namedShadows").GetBoolean(),
            NamedShadowNames = [.. root.GetProperty("namedShadowNames").EnumerateArray().Select(static name => name.GetString()!)],
            GeoLocations = root.TryGetProperty("geoLocations", out var locations) ? [.. locations.EnumerateObject().Select(static each => new GeoLocation(each.Name, each.Value.GetBoolean()))] : [],
            ThingFields = ReadFields(root.GetProperty("thingFields")),
            Groups = root.GetProperty("groups").GetBoolean(),
            GroupFields = ReadFields(root.GetProperty("groupFields")),
        };
    }

    private static void WriteFields(Utf8JsonWriter json, string name, IReadOnlyList<CustomField> fields)
    {
        json.WriteStartObject(name);
        foreach (var field in fields)
            json.WriteString(field.Name, field.Type.ToString());
        json.WriteEndObject();
    }

    private static CustomField[] ReadFields(JsonElement fields) =>
        [.. fields.EnumerateObject().Select(static field => new CustomField(field.Name, Enum.Parse<FieldType>(field.Value.GetString()!)))];
}
