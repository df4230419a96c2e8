namespace EdgeGateway.Broker;

/// <summary>Aliases towards one client (MQTT 5.0 §3.3.2.3.4): the first topics that come get one each, for the life of the connection.</summary>
internal sealed class TopicAliases(ushort maximum)
{
    private readonly Dictionary<byte[], ushort> _aliases = new(TopicHash.Comparer.Instance);

    /// <returns>0: none is left; else the alias, and whether the client knows it already.</returns>
    public ushort Of(ReadOnlySpan<byte> topic, out bool isKnown)
    {
        var bySpan = _aliases.GetAlternateLookup<ReadOnlySpan<byte>>();
        isKnown = bySpan.TryGetValue(topic, out var alias);
        if (isKnown || _aliases.Count >= maximum)
            return alias;
        alias = (ushort)(_aliases.Count + 1);
        bySpan[topic] = alias;
        return alias;
    }

    /// <summary>Takes back the alias that <see cref="Of"/> just gave: the packet that would have told the client was not sent.</summary>
    public void Forget(ReadOnlySpan<byte> topic) => _aliases.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(topic);
}
