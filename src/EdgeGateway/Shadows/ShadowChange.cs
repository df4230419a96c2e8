using EdgeGateway.Messaging;

namespace EdgeGateway.Shadows;

/// <summary>One accepted update or delete.</summary>
/// <param name="Sequence">Rises with each change of any shadow; may have gaps.</param>
/// <param name="Previous">Without <see cref="ShadowDocument.Exists"/> for a new shadow.</param>
/// <param name="Current">Without <see cref="ShadowDocument.Exists"/> after a delete.</param>
/// <param name="Origin">Who asked for it.</param>
public sealed record ShadowChange(long Sequence, ShadowId Shadow, ShadowDocument Previous, ShadowDocument Current, MessageOrigin Origin);
