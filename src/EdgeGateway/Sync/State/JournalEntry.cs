using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>One value that was given up, and for which.</summary>
/// <param name="Id">Rises with each entry; 0 before it is stored.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Path">JSON pointer; empty for a whole shadow.</param>
/// <param name="Local">JSON; null: removed, or deleted.</param>
/// <param name="Cloud">JSON; null: removed, or deleted.</param>
internal sealed record JournalEntry(long Id, long At, string Upstream, ShadowId Shadow, string Path, string? Local, string? Cloud, bool KeptLocal, string Rule, long LocalVersion, long CloudVersion)
{
    /// <summary>The value given up; null: a removal.</summary>
    public string? Lost => KeptLocal ? Cloud : Local;
}
