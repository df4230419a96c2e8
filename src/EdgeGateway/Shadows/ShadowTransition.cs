namespace EdgeGateway.Shadows;

/// <summary>What one request does to one shadow: decided without store, clock or network. Bodies are UTF-8 JSON as published (AWS guide: Shadow documents).</summary>
/// <param name="Body">Of the one answer.</param>
internal abstract record ShadowTransition(byte[] Body)
{
    /// <param name="Next">The document of the next version.</param>
    /// <param name="Delta">Makes the body of <c>/update/delta</c>, for where somebody gets it; null if desired and reported agree.</param>
    /// <param name="Documents">Makes the body of <c>/update/documents</c>, likewise.</param>
    public sealed record Updated(ShadowDocument Next, byte[] Body, Func<byte[]>? Delta, Func<byte[]> Documents) : ShadowTransition(Body);

    /// <param name="Next">The tombstone.</param>
    /// <param name="Version">Of the document that is gone.</param>
    public sealed record Deleted(ShadowDocument Next, long Version, byte[] Body) : ShadowTransition(Body);

    /// <summary>A get that found the shadow; nothing changes.</summary>
    public sealed record Shown(ShadowDocument Document, byte[] Body) : ShadowTransition(Body);

    /// <summary>Nothing changes, and no version is used up.</summary>
    public sealed record Rejected(ShadowError Error, byte[] Body) : ShadowTransition(Body);
}
