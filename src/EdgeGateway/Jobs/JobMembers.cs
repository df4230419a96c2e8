using System.Text.Json;

namespace EdgeGateway.Jobs;

/// <summary>Members of a request; absent and null are alike.</summary>
internal static class JobMembers
{
    public static string? Text(this JsonElement request, string name) => Member(request, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a text");

    public static long? Whole(this JsonElement request, string name) => Member(request, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Wrong(name, "a whole number");

    public static bool? Truth(this JsonElement request, string name) => Member(request, name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false");

    public static IReadOnlyDictionary<string, string>? Texts(this JsonElement request, string name)
    {
        if (Member(request, name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(name, "an object of texts");
        return value.EnumerateObject().ToDictionary(static member => member.Name, member => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw Wrong($"{name}.{member.Name}", "a text"), StringComparer.Ordinal);
    }

    private static JsonElement? Member(JsonElement request, string name) => request.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JobRefusal Wrong(string name, string expected) => new("InvalidRequest", $"{name} is not {expected}");
}
