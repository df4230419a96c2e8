using EdgeGateway.Broker;
using EdgeGateway.Identity;

using Route = EdgeGateway.Broker.Route;

namespace EdgeGateway.Gateway;

/// <summary>A connection that was let in.</summary>
internal sealed class ClientState(string clientId, Principal principal, IConnectionAuthority authority, Session session)
{
    private const int PermittedRoutes = 8;
    private Route?[]? _permitted;

    public string ClientId { get; } = clientId;
    public Principal Principal { get; } = principal;
    public IConnectionAuthority Authority { get; } = authority;
    public Session Session { get; } = session;

    /// <summary>Which connection of this client id it is, counted from 0.</summary>
    public long ConnectionNumber { get; init; }

    /// <summary>Request Problem Information was not switched off [MQTT-3.1.2-29].</summary>
    public bool WantsReasons { get; init; } = true;

    /// <summary>Topics by alias, as this client set them; made at its first alias.</summary>
    public byte[]?[]? Aliases { get; set; }

    /// <summary>Null: as many messages as it likes.</summary>
    public TokenBucket? PublishRate { get; init; }

    /// <summary>Where the route of a topic stands that this client may publish to; made at its first PUBLISH. The caller checks that it is this topic's.</summary>
    public ref Route? PermittedRoute(ReadOnlySpan<byte> topic)
    {
        _permitted ??= new Route?[PermittedRoutes];
        return ref _permitted[(topic.Length ^ (topic[^1] * 7) ^ topic[topic.Length / 2]) & (PermittedRoutes - 1)];
    }

    /// <summary>1 once the end was told to the broker.</summary>
    public int Ended;
}
