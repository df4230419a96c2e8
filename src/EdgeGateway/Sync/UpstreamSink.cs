using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync;

/// <summary>Puts what matches one route into the upstream's outbox, on the publisher's thread.</summary>
internal sealed class UpstreamSink : IMessageSink
{
    private const int StackBytes = 512;
    private readonly Upstream _upstream;
    private readonly UpRoute _route;
    private readonly byte[] _prefix;
    private readonly byte[][] _earlier;
    private readonly string _ownOrigin;

    public UpstreamSink(Upstream upstream, int route)
    {
        var routes = upstream.Options.Up;
        _upstream = upstream;
        _route = routes[route];
        _prefix = Encoding.UTF8.GetBytes(_route.Prefix);
        _ownOrigin = UplinkMessages.OriginOf(upstream.Options.Name);
        _earlier = [.. routes.Take(route).Where(other => UpstreamOptions.MayOverlap(other.Filter, _route.Filter)).Select(static other => Encoding.UTF8.GetBytes(other.Filter))];
    }

    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (message.Origin.Source == _ownOrigin)
            return DurabilityTicket.None; // it came from there
        foreach (var filter in _earlier)
            if (Topics.Matches(filter, message.Topic))
                return DurabilityTicket.None; // an earlier route takes it
        var length = _prefix.Length + message.Topic.Length;
        if (length > Topics.MaxBytes)
            return DurabilityTicket.None;
        var topic = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        _prefix.CopyTo(topic);
        message.Topic.CopyTo(topic[_prefix.Length..]);
        return _upstream.Store(_route.Class, topic, message);
    }
}
