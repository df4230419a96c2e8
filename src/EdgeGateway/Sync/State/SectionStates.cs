using System.Text.Json;

namespace EdgeGateway.Sync.State;

/// <summary>Both sections of a shadow; null where absent, which an empty one is as well (AWS guide: Shadow documents).</summary>
internal sealed record SectionStates(StateNode? Desired, StateNode? Reported)
{
    /// <summary>A shadow without sections, or no shadow.</summary>
    public static SectionStates None { get; } = new(null, null);

    public bool IsEmpty => Desired is null && Reported is null;

    /// <param name="state">UTF-8 JSON with <c>desired</c> and <c>reported</c>; other members are left out. Empty: none.</param>
    /// <param name="metadata">UTF-8 JSON in the same shape; empty: times unknown.</param>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static SectionStates Read(ReadOnlyMemory<byte> state, ReadOnlyMemory<byte> metadata) =>
        state.IsEmpty ? None : Read(JsonDocument.Parse(state).RootElement, metadata.IsEmpty ? null : JsonDocument.Parse(metadata).RootElement);

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte}, ReadOnlyMemory{byte})"/>
    public static SectionStates Read(JsonElement state, JsonElement? metadata) => new(Section(state, metadata, "desired"), Section(state, metadata, "reported"));

    public static bool Equal(SectionStates left, SectionStates right) => StateNode.Equal(left.Desired, right.Desired) && StateNode.Equal(left.Reported, right.Reported);

    public byte[] ToJson() => StateJson.Bytes(this, static (sections, json) => sections.WriteTo(json));

    public override string ToString() => StateJson.Text(this, static (sections, json) => sections.WriteTo(json));

    private void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, section) in (ReadOnlySpan<(string, StateNode?)>)[("desired", Desired), ("reported", Reported)])
        {
            if (section is null)
                continue;
            json.WritePropertyName(name);
            section.WriteTo(json);
        }
        json.WriteEndObject();
    }

    private static StateNode? Section(JsonElement state, JsonElement? metadata, string name)
    {
        if (state.ValueKind != JsonValueKind.Object || !state.TryGetProperty(name, out var section) || section.ValueKind != JsonValueKind.Object)
            return null;
        var node = StateNode.Read(section, metadata is { ValueKind: JsonValueKind.Object } times && times.TryGetProperty(name, out var part) ? part : null);
        return node.Members!.Length == 0 ? null : node;
    }
}
