using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Search.Query;
using EdgeGateway.Shadows;

namespace EdgeGateway.Tests.Search;

/// <summary>What a query means, told slowly: every thing with all its fields by name, looked at with the framework's JSON and regular expressions.</summary>
internal static class PlainScan
{
    public static List<string> Find(SearchHouse house, QueryNode query, IReadOnlyDictionary<string, Connectivity> connected, IEnumerable<string> shadowNames, bool seesDynamicGroups = true) =>
        [.. house.Registry.Catalog.Things.Where(thing => Holds(query, FieldsOf(house, thing, connected, shadowNames, seesDynamicGroups))).Select(static thing => thing.Name)];

    private static List<(string Name, object Value, bool ReadsNumber)> FieldsOf(SearchHouse house, Thing thing, IReadOnlyDictionary<string, Connectivity> connected, IEnumerable<string> shadowNames, bool seesDynamicGroups)
    {
        var fields = new List<(string, object, bool)> { ("thingName", thing.Name, false), ("thingId", thing.Id, false), ("registry.version", (double)thing.Version, false) };
        if (thing.TypeName is not null)
            fields.Add(("thingTypeName", thing.TypeName, false));
        foreach (var group in house.Registry.Groups.DirectGroupsOf(thing.Name))
            if (seesDynamicGroups || house.Registry.Groups.Find(group)!.Query is null)
                fields.Add(("thingGroupNames", group, false));
        foreach (var (name, value) in thing.Attributes)
            fields.Add(($"attributes.{name}", value, true));
        if (connected.TryGetValue(thing.Name, out var state))
        {
            fields.AddRange([("connectivity.connected", state.Connected ? "true" : "false", false), ("connectivity.timestamp", (double)state.Timestamp, false)]);
            if (state.DisconnectReason is { } reason)
                fields.Add(("connectivity.disconnectReason", reason, false));
        }
        foreach (var name in shadowNames)
            if (house.Shadows.Service.Find(new(thing.Name, name)) is { Exists: true } document)
                AddShadow(fields, name.Length == 0 ? "shadow" : $"shadow.name.{name}", document);
        return fields;
    }

    private static void AddShadow(List<(string, object, bool)> fields, string prefix, ShadowDocument document)
    {
        using var state = JsonDocument.Parse(document.State);
        Add(fields, prefix, state.RootElement);
        using var metadata = JsonDocument.Parse(document.Metadata());
        Add(fields, $"{prefix}.metadata", metadata.RootElement);
        var delta = document.Delta();
        if (delta is not null)
        {
            using var difference = JsonDocument.Parse(delta);
            Add(fields, $"{prefix}.delta", difference.RootElement);
        }
        fields.Add(($"{prefix}.hasDelta", delta is null ? "false" : "true", false));
        fields.Add(($"{prefix}.version", (double)document.Version, false));
    }

    private static void Add(List<(string, object, bool)> fields, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    Add(fields, $"{name}.{member.Name}", member.Value);
                break;
            case JsonValueKind.Array when value.EnumerateArray().All(static item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)):
                foreach (var item in value.EnumerateArray())
                    Add(fields, name, item);
                break;
            case JsonValueKind.Array or JsonValueKind.Null:
                break;
            case JsonValueKind.Number:
                fields.Add((name, value.GetDouble(), false));
                break;
            case JsonValueKind.String:
                fields.Add((name, value.GetString()!, false));
                break;
            default:
                fields.Add((name, value.ValueKind == JsonValueKind.True ? "true" : "false", false));
                break;
        }
    }

    private static bool Holds(QueryNode query, List<(string Name, object Value, bool ReadsNumber)> fields) => query switch
    {
        QueryNode.All => true,
        QueryNode.And both => Holds(both.Left, fields) & Holds(both.Right, fields),
        QueryNode.Or either => Holds(either.Left, fields) | Holds(either.Right, fields),
        QueryNode.Not not => !Holds(not.Inner, fields),
        QueryNode.Near near => PlaceIn(near.Field.Name, fields) is { } place && Metres(place, (near.Centre.Latitude, near.Centre.Longitude)) <= near.Metres,
        QueryNode.Match match => fields.Any(field => (match.Field.Part == FieldPart.Any || match.Field.Name == field.Name) && Holds(match.Test, field.Value, field.ReadsNumber)),
        _ => throw new InvalidOperationException(),
    };

    // [latitude, longitude], "latitude,longitude" or {lat, lon}.
    private static (double Latitude, double Longitude)? PlaceIn(string name, List<(string Name, object Value, bool ReadsNumber)> fields)
    {
        foreach (var field in fields)
            if (field.Name == name && field.Value is string text && Regex.Match(text, "^ *([-+0-9.eE]+) *, *([-+0-9.eE]+) *$") is { Success: true } match && Valid(Number(match.Groups[1].Value), Number(match.Groups[2].Value)) is { } read)
                return read;
        var numbers = fields.Where(field => field.Name == name && field.Value is double).Select(static field => (double)field.Value).ToList();
        return numbers.Count == 2
            ? Valid(numbers[0], numbers[1])
            : Valid(Last("lat", "latitude"), Last("lon", "long", "longitude"));

        double? Last(params string[] members) => fields.LastOrDefault(field => members.Any(member => field.Name == $"{name}.{member}")) is { Value: { } value } ? value as double? ?? Number(value as string) : null;
    }

    private static (double, double)? Valid(double? latitude, double? longitude) => Math.Abs(latitude ?? 91) <= 90 && Math.Abs(longitude ?? 181) <= 180 ? (latitude!.Value, longitude!.Value) : null;

    // The angle between two vectors, where the index takes the haversine formula.
    private static double Metres((double Latitude, double Longitude) a, (double Latitude, double Longitude) b)
    {
        var (p, q) = (Vector(a), Vector(b));
        var cross = Math.Sqrt(Math.Pow((p.Y * q.Z) - (p.Z * q.Y), 2) + Math.Pow((p.Z * q.X) - (p.X * q.Z), 2) + Math.Pow((p.X * q.Y) - (p.Y * q.X), 2));
        return 6_371_008.8 * Math.Atan2(cross, (p.X * q.X) + (p.Y * q.Y) + (p.Z * q.Z));
    }

    private static (double X, double Y, double Z) Vector((double Latitude, double Longitude) place)
    {
        var (north, east) = (place.Latitude * Math.PI / 180, place.Longitude * Math.PI / 180);
        return (Math.Cos(north) * Math.Cos(east), Math.Cos(north) * Math.Sin(east), Math.Sin(north));
    }

    private static bool Holds(QueryTest test, object value, bool readsNumber)
    {
        var text = value as string;
        var number = value as double? ?? (readsNumber ? Number(text) : null);
        return test switch
        {
            QueryTest.Present => true,
            QueryTest.Equal equal => (number is not null && Number(equal.Text) == number) || string.Equals(text, equal.Text, StringComparison.OrdinalIgnoreCase),
            QueryTest.Pattern pattern => Regex.IsMatch(
                text ?? number!.Value.ToString("R", CultureInfo.InvariantCulture),
                $"^{string.Concat(pattern.Pieces.Select(static piece => piece == Piece.AnyRun ? ".*" : piece == Piece.AnyOne ? "." : Regex.Escape($"{piece.Character}")))}$",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline),
            QueryTest.Compare compare => number is { } n && compare.How switch
            {
                Comparison.Less => n < compare.Number,
                Comparison.LessOrEqual => n <= compare.Number,
                Comparison.Greater => n > compare.Number,
                _ => n >= compare.Number,
            },
            QueryTest.Range range => InRange(range, text, number),
            _ => throw new InvalidOperationException(),
        };
    }

    private static bool InRange(QueryTest.Range range, string? text, double? number)
    {
        var isOfNumbers = (range.Low is null || Number(range.Low) is not null) && (range.High is null || Number(range.High) is not null);
        if (number is { } n && isOfNumbers)
            return (range.Low is null || n > Number(range.Low) || (range.LowBelongs && n == Number(range.Low))) && (range.High is null || n < Number(range.High) || (range.HighBelongs && n == Number(range.High)));
        if (text is null)
            return false;
        var (low, high) = (string.Compare(text, range.Low, StringComparison.OrdinalIgnoreCase), string.Compare(text, range.High, StringComparison.OrdinalIgnoreCase));
        return (range.Low is null || low > 0 || (range.LowBelongs && low == 0)) && (range.High is null || high < 0 || (range.HighBelongs && high == 0));
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
