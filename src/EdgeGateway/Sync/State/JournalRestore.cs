using System.Text.Json;

namespace EdgeGateway.Sync.State;

/// <summary>An entry of the journal as others read it, and as the update that puts its value back.</summary>
internal static class JournalRestore
{
    /// <returns>Body of a shadow update.</returns>
    public static byte[] Request(JournalEntry entry) => StateJson.Bytes(entry, static (entry, json) =>
    {
        json.WriteStartObject();
        json.WritePropertyName("state");
        var names = entry.Path.Split('/').Skip(1).Select(static name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        foreach (var name in names)
        {
            json.WriteStartObject();
            json.WritePropertyName(name);
        }
        json.WriteRawValue(entry.Lost ?? "null");
        foreach (var _ in names)
            json.WriteEndObject();
        json.WriteEndObject();
    });

    public static byte[] Event(JournalEntry entry) => StateJson.Bytes(entry, static (entry, json) =>
    {
        json.WriteStartObject();
        json.WriteNumber("id", entry.Id);
        json.WriteNumber("time", entry.At);
        json.WriteString("upstream", entry.Upstream);
        json.WriteString("thing", entry.Shadow.Thing);
        if (!entry.Shadow.IsClassic)
            json.WriteString("name", entry.Shadow.Name);
        json.WriteString("path", entry.Path);
        Value(json, "local", entry.Local);
        Value(json, "cloud", entry.Cloud);
        json.WriteString("kept", entry.KeptLocal ? "local" : "cloud");
        json.WriteString("rule", entry.Rule);
        json.WriteEndObject();
    });

    private static void Value(Utf8JsonWriter json, string name, string? value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value ?? "null");
    }
}
