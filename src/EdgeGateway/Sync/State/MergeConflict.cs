namespace EdgeGateway.Sync.State;

/// <summary>Two changes of one leaf of which one was given up.</summary>
/// <param name="Path">JSON pointer from the state's root, such as <c>/desired/t</c>.</param>
/// <param name="Local">What the gateway had; null: it was removed there.</param>
/// <param name="Cloud">What the upstream had; null: it was removed there.</param>
/// <param name="KeptLocal">Whose value stands.</param>
/// <param name="Rule"><c>local</c>, <c>cloud</c>, <c>latest</c>, or <c>edit-over-removal</c>.</param>
internal sealed record MergeConflict(string Path, StateNode? Local, StateNode? Cloud, bool KeptLocal, string Rule)
{
    public const string EditOverRemoval = "edit-over-removal";

    /// <summary>The value given up; null: a removal.</summary>
    public StateNode? Lost => KeptLocal ? Cloud : Local;
}
