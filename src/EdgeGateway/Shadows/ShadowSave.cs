namespace EdgeGateway.Shadows;

/// <param name="Expected">Version the row must have; 0 where there must be no row.</param>
internal sealed record ShadowSave(ShadowId Shadow, long Expected, long Sequence, ShadowDocument Document);
