using System.Text.Json;

namespace EdgeGateway.Sync.State;

/// <summary>The smallest update that turns one state into another (AWS guide: Shadow documents): what is to be removed is named with a null.</summary>
internal static class StatePatch
{
    /// <returns>UTF-8 JSON for <c>state</c> of an update; null if there is nothing to change.</returns>
    public static byte[]? Between(SectionStates from, SectionStates to)
    {
        if (SectionStates.Equal(from, to))
            return null;
        return StateJson.Bytes((from, to), static (states, json) =>
        {
            json.WriteStartObject();
            Write(json, "desired", states.from.Desired, states.to.Desired);
            Write(json, "reported", states.from.Reported, states.to.Reported);
            json.WriteEndObject();
        });
    }

    /// <summary>The same change, one member of a section at a time; a section that goes is one piece.</summary>
    public static IEnumerable<PatchPiece> Pieces(SectionStates from, SectionStates to) =>
        Pieces("desired", from.Desired, to.Desired).Concat(Pieces("reported", from.Reported, to.Reported));

    private static IEnumerable<PatchPiece> Pieces(string section, StateNode? from, StateNode? to)
    {
        if (to is null)
        {
            if (from is not null)
                yield return new($"/{section}", StateJson.Bytes(section, static (name, json) => Section(json, name, static inner => inner.WriteNullValue())));
            yield break;
        }
        var before = from?.Members?.ToDictionary(static member => member.Name, static member => member.Node) ?? [];
        var after = to.Members!.ToDictionary(static member => member.Name, static member => member.Node);
        foreach (var name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var (old, wanted) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            if (!StateNode.Equal(old, wanted))
                yield return new($"/{section}/{name}", StateJson.Bytes(section, (_, json) => Section(json, section, inner => WriteMembers(inner, Only(name, old), Only(name, wanted)))));
        }
    }

    private static StateMember[] Only(string name, StateNode? node) => node is null ? [] : [new(name, node)];

    private static void Section(Utf8JsonWriter json, string name, Action<Utf8JsonWriter> write)
    {
        json.WriteStartObject();
        json.WritePropertyName(name);
        write(json);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, StateNode? from, StateNode? to)
    {
        if (StateNode.Equal(from, to))
            return;
        json.WritePropertyName(name);
        if (to is null)
            json.WriteNullValue();
        else if (from is { Members: { } before } && to.Members is { } after)
            WriteMembers(json, before, after);
        else
            to.WriteTo(json);
    }

    private static void WriteMembers(Utf8JsonWriter json, StateMember[] before, StateMember[] after)
    {
        json.WriteStartObject();
        for (int b = 0, a = 0; b < before.Length || a < after.Length;)
        {
            var order = b == before.Length ? 1 : a == after.Length ? -1 : string.CompareOrdinal(before[b].Name, after[a].Name);
            var name = order <= 0 ? before[b].Name : after[a].Name;
            Write(json, name, order <= 0 ? before[b].Node : null, order >= 0 ? after[a].Node : null);
            b += order <= 0 ? 1 : 0;
            a += order >= 0 ? 1 : 0;
        }
        json.WriteEndObject();
    }
}
