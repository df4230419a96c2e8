namespace EdgeGateway.Shadows;

/// <param name="Entries">How many documents of this shadow stay, this one included.</param>
internal sealed record ShadowHistoryEntry(ShadowId Shadow, int Entries, ShadowDocument Document);
