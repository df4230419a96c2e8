using System.Text.Json;
using EdgeGateway.Sync.State;

namespace EdgeGateway.Api;

/// <summary>One value that was given up when both sides had changed it.</summary>
/// <param name="Id">For <c>sync restore</c>.</param>
/// <param name="Name">Null for the classic shadow.</param>
/// <param name="Path">JSON pointer from the state's root; empty for the whole shadow.</param>
/// <param name="Local">What the gateway had; null: removed, or deleted.</param>
/// <param name="Cloud">What the upstream had; null: removed, or deleted.</param>
/// <param name="Kept"><c>local</c> or <c>cloud</c>.</param>
/// <param name="Rule">What decided: <c>local</c>, <c>cloud</c>, <c>latest</c>, <c>edit-over-removal</c> or <c>edit-over-deletion</c>.</param>
public sealed record ConflictResponse(long Id, DateTimeOffset Time, string Upstream, string Thing, string? Name, string Path, JsonElement? Local, JsonElement? Cloud, string Kept, string Rule)
{
    internal static ConflictResponse From(JournalEntry entry) => new(
        entry.Id, DateTimeOffset.FromUnixTimeMilliseconds(entry.At), entry.Upstream, entry.Shadow.Thing, entry.Shadow.IsClassic ? null : entry.Shadow.Name,
        entry.Path, Element(entry.Local), Element(entry.Cloud), entry.KeptLocal ? "local" : "cloud", entry.Rule);

    private static JsonElement? Element(string? json)
    {
        if (json is null)
            return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
