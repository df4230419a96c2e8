namespace EdgeGateway.Shadows;

/// <summary>A request and what it comes to, once it is on disk.</summary>
/// <param name="Entry">Null where the request was refused without looking at its shadow.</param>
/// <param name="Change">Null if nothing changes.</param>
internal sealed record ShadowDecision(ShadowWork Work, ShadowEntry? Entry, ShadowTransition Transition, ShadowChange? Change);
