using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

/// <summary>Compares a message with a vector's expectation, by the conventions of the vectors' file.</summary>
internal static class ShadowExpectation
{
    private static readonly DateTimeOffset Plausible = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="isDocuments">Of states only desired and reported count, and an empty section is an absent one.</param>
    /// <param name="ignorePrevious">The shadow did not exist before the step.</param>
    public static void Check(JsonNode expected, byte[] message, bool isDocuments = false, bool ignorePrevious = false)
    {
        using var document = JsonDocument.Parse(message);
        foreach (var (name, value) in (JsonObject)expected)
            if (!(ignorePrevious && name == "previous"))
                CheckMember("$", name, value, document.RootElement, isDocuments);
    }

    private static void CheckMember(string path, string name, JsonNode? expected, JsonElement parent, bool isDocuments)
    {
        var here = $"{path}.{name}";
        Assert.True(parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out _), $"{here} is missing in {parent}");
        var actual = parent.GetProperty(name);
        if (name == "state" && !path.Contains(".metadata", StringComparison.Ordinal)) // a leaf may be called state too
        {
            var wanted = JsonDocument.Parse(expected?.ToJsonString() ?? "null").RootElement;
            Assert.True(isDocuments ? SectionsEqual(wanted, actual) : DeepEqual(wanted, actual), $"{here}: expected {wanted}, got {actual}");
        }
        else
            CheckValue(here, expected, actual, isDocuments);
    }

    private static void CheckValue(string path, JsonNode? expected, JsonElement actual, bool isDocuments)
    {
        switch (expected)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                    CheckMember(path, name, value, actual, isDocuments);
                break;
            case JsonArray items:
                Assert.True(actual.ValueKind == JsonValueKind.Array && actual.GetArrayLength() == items.Count, $"{path}: expected {items.ToJsonString()}, got {actual}");
                for (var i = 0; i < items.Count; i++)
                    CheckValue($"{path}[{i}]", items[i], actual[i], isDocuments);
                break;
            case JsonValue text when text.TryGetValue<string>(out var pattern) && pattern == "<ts>":
                Assert.True(actual.TryGetInt64(out var seconds) && DateTimeOffset.FromUnixTimeSeconds(seconds) > Plausible, $"{path}: {actual} is no time");
                break;
            case JsonValue text when text.TryGetValue<string>(out var pattern) && pattern.StartsWith("<gt:", StringComparison.Ordinal):
                Assert.True(actual.TryGetInt64(out var number) && number > long.Parse(pattern[4..^1]), $"{path}: {actual} is not {pattern}");
                break;
            default:
                var wanted = JsonDocument.Parse(expected?.ToJsonString() ?? "null").RootElement;
                Assert.True(DeepEqual(wanted, actual), $"{path}: expected {wanted}, got {actual}");
                break;
        }
    }

    private static bool SectionsEqual(JsonElement expected, JsonElement actual) =>
        DeepEqual(Section(expected, "desired"), Section(actual, "desired")) && DeepEqual(Section(expected, "reported"), Section(actual, "reported"));

    private static JsonElement Section(JsonElement state, string name) =>
        state.TryGetProperty(name, out var section) ? section : JsonDocument.Parse("{}").RootElement;

    private static bool DeepEqual(JsonElement left, JsonElement right)
    {
        if (left.ValueKind == JsonValueKind.Number && right.ValueKind == JsonValueKind.Number)
            return left.GetDecimal() == right.GetDecimal();
        if (left.ValueKind != right.ValueKind)
            return false;
        return left.ValueKind switch
        {
            JsonValueKind.Object => left.EnumerateObject().Count() == right.EnumerateObject().Count()
                && left.EnumerateObject().All(member => right.TryGetProperty(member.Name, out var other) && DeepEqual(member.Value, other)),
            JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength() && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => DeepEqual(pair.First, pair.Second)),
            JsonValueKind.String => left.GetString() == right.GetString(),
            _ => true,
        };
    }
}
