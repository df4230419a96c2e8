using EdgeGateway.Gateway;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Messaging;

namespace EdgeGateway.Hosting;

/// <summary>Whether the policy of clients without credentials is there; without it nothing is allowed to them.</summary>
internal sealed class AnonymousListenerHealth(ListenerOptions listeners, IPolicies policies) : IComponentHealth
{
    public string Name => "anonymous clients";

    public ComponentState State => Message is null ? ComponentState.Healthy : ComponentState.Degraded;

    public string? Message => listeners.MqttPort >= 0 && listeners.Anonymous && policies.Find(listeners.AnonymousPolicy) is null
        ? $"there is no policy '{listeners.AnonymousPolicy}' (listeners.mqtt.policy), so nothing is allowed to them: create it, or name another"
        : null;
}
