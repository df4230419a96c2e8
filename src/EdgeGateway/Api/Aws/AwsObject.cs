using System.Text.Json;

namespace EdgeGateway.Api.Aws;

/// <summary>
/// An object of a request's JSON. Null counts as absent, members nobody asks for are ignored (a newer SDK must not fail), a wrong type is a
/// SerializationException that names the member.
/// </summary>
internal readonly struct AwsObject(JsonElement element, string path)
{
    public static AwsObject None { get; } = new(default, "");

    public string? String(string name) => Member(name, JsonValueKind.String, "a string") is { } value ? value.GetString() : null;

    public string Required(string name) => String(name) ?? throw AwsException.Missing(At(name));

    public bool Boolean(string name) => OptionalBoolean(name) ?? false;

    public bool? OptionalBoolean(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Wrong(name, other, "true or false"),
    };

    public long? Int64(string name) =>
        Value(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : throw Wrong(name, value, "a whole number");

    public double? Double(string name) =>
        Value(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number
        : throw Wrong(name, value, "a number");

    /// <summary>Absent, it is null.</summary>
    public AwsObject? Object(string name) => Member(name, JsonValueKind.Object, "an object") is { } value ? new(value, At(name)) : null;

    public IReadOnlyList<AwsObject>? Objects(string name)
    {
        if (Member(name, JsonValueKind.Array, "a list") is not { } list)
            return null;
        var path = At(name);
        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object ? new AwsObject(item, path) : throw Wrong(path, item))];

        static AwsException Wrong(string path, JsonElement item) => AwsException.Serialization($"{path} holds {Kind(item)}, expected objects");
    }

    public IReadOnlyList<string>? Strings(string name)
    {
        if (Member(name, JsonValueKind.Array, "a list") is not { } list)
            return null;
        var path = At(name);
        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()! : throw AwsException.Serialization($"{path} holds {Kind(item)}, expected strings"))];
    }

    public IReadOnlyList<double>? Numbers(string name)
    {
        if (Member(name, JsonValueKind.Array, "a list") is not { } list)
            return null;
        var path = At(name);
        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number)
            ? number : throw AwsException.Serialization($"{path} holds {Kind(item)}, expected numbers"))];
    }

    /// <summary>An object whose members are all strings; a null among them is left out.</summary>
    public IReadOnlyDictionary<string, string>? Map(string name)
    {
        if (Member(name, JsonValueKind.Object, "an object") is not { } map)
            return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in map.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (member.Value.ValueKind != JsonValueKind.String)
                throw AwsException.Serialization($"{At(name)}.{member.Name} is {Kind(member.Value)}, expected a string");
            values[member.Name] = member.Value.GetString()!;
        }
        return values;
    }

    /// <summary>Names of the members that are there.</summary>
    public IEnumerable<string> Names => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().Where(static member => member.Value.ValueKind != JsonValueKind.Null).Select(static member => member.Name)
        : [];

    public JsonElement Element => element;

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "null",
    };

    private JsonElement? Value(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private JsonElement? Member(string name, JsonValueKind kind, string expected) =>
        Value(name) is not { } value ? null : value.ValueKind == kind ? value : throw Wrong(name, value, expected);

    private AwsException Wrong(string name, JsonElement value, string expected) => AwsException.Serialization($"{At(name)} is {Kind(value)}, expected {expected}");

    private string At(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
