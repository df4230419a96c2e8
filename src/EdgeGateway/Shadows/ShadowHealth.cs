using EdgeGateway.Messaging;

namespace EdgeGateway.Shadows;

/// <summary>Degraded from a write that failed until one that did not.</summary>
internal sealed class ShadowHealth(ShadowEngine engine) : IComponentHealth
{
    public string Name => "shadows";

    public ComponentState State => engine.Failure is null ? ComponentState.Healthy : ComponentState.Degraded;

    public string? Message => engine.Failure is { } failure ? $"the last write failed ({failure}): see whether the disk is full" : null;
}
