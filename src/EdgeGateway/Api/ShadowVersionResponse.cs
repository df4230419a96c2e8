using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Shadows;

namespace EdgeGateway.Api;

/// <summary>One version of a shadow: an entry of its history, or a line of <c>watch</c>.</summary>
public sealed record ShadowVersionResponse(string Thing, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name, long Version, DateTimeOffset ChangedAt)
{
    /// <summary><c>desired</c> and <c>reported</c>, where present; absent in a deleted shadow.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? State { get; init; }

    /// <summary>Absent when nothing differs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Delta { get; init; }

    /// <summary>The shadow was deleted; the version is that of its tombstone.</summary>
    public bool Deleted { get; init; }

    public static ShadowVersionResponse From(ShadowId shadow, ShadowDocument document) =>
        new(shadow.Thing, shadow.IsClassic ? null : shadow.Name, document.Version, DateTimeOffset.FromUnixTimeMilliseconds(document.ChangedAt))
        {
            State = document.Exists ? Element(document.State) : null,
            Delta = document.Delta() is { } delta ? Element(delta) : null,
            Deleted = !document.Exists,
        };

    private static JsonElement Element(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return document.RootElement.Clone();
    }
}
