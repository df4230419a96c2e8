using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Tests.Shadows;

/// <summary>One case of <c>shadow-vectors.json</c>; its conventions are in that file.</summary>
public sealed record ShadowVector(string Id, IReadOnlyList<ShadowVectorStep> Steps)
{
    private const string File = "shadow-vectors.json";

    public static IReadOnlyDictionary<string, ShadowVector> All { get; } = Load();

    public override string ToString() => Id;

    private static Dictionary<string, ShadowVector> Load()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(Folder(), File)));
        return document.RootElement.GetProperty("vectors").EnumerateArray()
            .Select(vector => new ShadowVector(vector.GetProperty("id").GetString()!, [.. vector.GetProperty("steps").EnumerateArray().Select(ShadowVectorStep.From)]))
            .ToDictionary(vector => vector.Id);
    }

    /// <summary><c>EDGEGATEWAY_VECTORS</c>, or <c>tests/vectors</c> above the test's own folder.</summary>
    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("EDGEGATEWAY_VECTORS") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "vectors");
            if (Directory.Exists(candidate))
                return candidate;
        }
        throw new DirectoryNotFoundException("tests/vectors is not above " + AppContext.BaseDirectory);
    }
}

/// <param name="Operation"><c>update</c>, <c>get</c> or <c>delete</c>.</param>
/// <param name="Payload">Bytes to publish.</param>
/// <param name="Expect">By message kind; a null means that there must be none.</param>
public sealed record ShadowVectorStep(string Operation, string Thing, string Shadow, byte[] Payload, JsonObject Expect)
{
    internal static ShadowVectorStep From(JsonElement step) => new(
        step.GetProperty("op").GetString()!,
        step.TryGetProperty("thing", out var thing) ? thing.GetString()! : "thing-1",
        step.TryGetProperty("shadow", out var shadow) ? shadow.GetString()! : "",
        PayloadOf(step),
        (JsonObject)Fill(JsonNode.Parse(step.GetProperty("expect").GetRawText())!));

    private static byte[] PayloadOf(JsonElement step) =>
        step.TryGetProperty("payloadRaw", out var raw) ? Encoding.UTF8.GetBytes(raw.GetString()!)
        : step.TryGetProperty("payload", out var payload) ? Encoding.UTF8.GetBytes(Fill(JsonNode.Parse(payload.GetRawText())!).ToJsonString())
        : [];

    /// <summary><c>&lt;fill:N&gt;</c> stands for N letters x.</summary>
    private static JsonNode Fill(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                    if (value is JsonValue text && Filled(text) is { } filled)
                        members[name] = filled;
                    else if (value is not null)
                        Fill(value);
                return members;
            case JsonArray items:
                foreach (var item in items)
                    if (item is not null)
                        Fill(item);
                return items;
            default:
                return node;
        }
    }

    private static string? Filled(JsonValue value) =>
        value.TryGetValue<string>(out var text) && text.StartsWith("<fill:", StringComparison.Ordinal) ? new string('x', int.Parse(text[6..^1])) : null;
}
