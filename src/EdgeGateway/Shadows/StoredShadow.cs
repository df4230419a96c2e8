namespace EdgeGateway.Shadows;

/// <param name="Sequence">Of its last change.</param>
/// <param name="Document">Without <see cref="ShadowDocument.Exists"/> for a deleted one.</param>
public sealed record StoredShadow(long Sequence, ShadowId Shadow, ShadowDocument Document);
