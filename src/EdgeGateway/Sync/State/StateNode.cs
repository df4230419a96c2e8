using System.Text.Json;

namespace EdgeGateway.Sync.State;

/// <summary>
/// A part of a shadow's state as the merge sees it: an object of members, or a leaf. An array is a leaf. Keeps the document it was read from
/// alive. Equal means the same values: 1 is 1.0, the order of members is free, times do not count.
/// </summary>
internal sealed class StateNode
{
    private StateNode(JsonElement value, StateMember[]? members, long clock) => (Value, Members, Clock) = (value, members, clock);

    /// <summary>Of a leaf; undefined for an object.</summary>
    public JsonElement Value { get; }

    /// <summary>In ordinal order of their names; null for a leaf.</summary>
    public StateMember[]? Members { get; }

    /// <summary>When the leaf, or the latest leaf inside, was written: Unix milliseconds; 0 if nobody said.</summary>
    public long Clock { get; }

    /// <param name="members">In ordinal order of their names.</param>
    public static StateNode Object(StateMember[] members)
    {
        var clock = 0L;
        foreach (var member in members)
            clock = Math.Max(clock, member.Node.Clock);
        return new(default, members, clock);
    }

    /// <param name="value">A part of <c>state</c>.</param>
    /// <param name="metadata">The same part of <c>metadata</c>, in whole seconds; null: times unknown.</param>
    public static StateNode Read(JsonElement value, JsonElement? metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return new(value, null, metadata is { } written ? Latest(written) : 0);
        var members = new StateMember[value.GetPropertyCount()];
        var count = 0;
        // A shadow's metadata have the order of its state: each is looked at in step, and looked up only where they do not go together.
        var times = metadata is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject() : default;
        var isInStep = metadata is { ValueKind: JsonValueKind.Object };
        foreach (var property in value.EnumerateObject())
        {
            var name = property.Name;
            isInStep = isInStep && times.MoveNext() && times.Current.NameEquals(name);
            members[count++] = new(name, Read(property.Value, isInStep ? times.Current.Value : Part(metadata, name)));
        }
        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return Object(HasTwins(members) ? WithoutTwins(members, value, metadata) : members);
    }

    public static bool Equal(StateNode? left, StateNode? right)
    {
        if (ReferenceEquals(left, right))
            return true;
        if (left is null || right is null || (left.Members is null) != (right.Members is null))
            return false;
        if (left.Members is null)
            return JsonElement.DeepEquals(left.Value, right.Value);
        if (left.Members.Length != right.Members!.Length)
            return false;
        for (var i = 0; i < left.Members.Length; i++)
            if (left.Members[i].Name != right.Members[i].Name || !Equal(left.Members[i].Node, right.Members[i].Node))
                return false;
        return true;
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        if (Members is null)
        {
            Value.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        foreach (var member in Members)
        {
            json.WritePropertyName(member.Name);
            member.Node.WriteTo(json);
        }
        json.WriteEndObject();
    }

    /// <summary>Compact, members in order of their names: equal nodes written by one side have equal texts.</summary>
    public override string ToString() => StateJson.Text(this, static (node, json) => node.WriteTo(json));

    private static bool HasTwins(StateMember[] members)
    {
        for (var i = 1; i < members.Length; i++)
            if (members[i].Name == members[i - 1].Name)
                return true;
        return false;
    }

    /// <summary>Of members of one name the last stands, as in a shadow update.</summary>
    private static StateMember[] WithoutTwins(StateMember[] members, JsonElement value, JsonElement? metadata) =>
        [.. members.Select(static member => member.Name).Distinct().Select(name => new StateMember(name, Read(value.GetProperty(name), Part(metadata, name))))];

    private static JsonElement? Part(JsonElement? metadata, string name) =>
        metadata is { ValueKind: JsonValueKind.Object } times && times.TryGetProperty(name, out var part) ? part : null;

    /// <summary>A leaf's metadata is <c>{"timestamp":SECONDS}</c>; an array's is an array with one for each of its leaves.</summary>
    private static long Latest(JsonElement metadata) => metadata.ValueKind switch
    {
        JsonValueKind.Number => metadata.TryGetInt64(out var seconds) ? seconds * 1000 : 0,
        JsonValueKind.Array => metadata.EnumerateArray().Select(Latest).DefaultIfEmpty().Max(),
        JsonValueKind.Object when metadata.TryGetProperty("timestamp"u8, out var timestamp) && timestamp.ValueKind == JsonValueKind.Number => Latest(timestamp),
        JsonValueKind.Object => metadata.EnumerateObject().Select(static part => Latest(part.Value)).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
