using System.Globalization;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>
/// A client as the standard wants it, with a session of its own that outlives every connection: resends with DUP after a reconnect,
/// acknowledges, and takes a QoS 2 message once. It is the reference that the broker is compared with.
/// </summary>
internal sealed class ModelClient(string id)
{
    private const ushort Identifiers = 40; // few, so that they come again
    private const uint ForEver = uint.MaxValue;
    private readonly SortedDictionary<int, Sending> _sending = [];
    private readonly HashSet<ushort> _receiving = [];
    private readonly List<string> _received = [];
    private readonly HashSet<string> _acknowledged = [];
    private ushort _lastIdentifier;
    private int _lastNumber;
    private bool _isKnown;

    public MemoryPeer? Peer { get; private set; }

    /// <summary>Payloads in the order of their coming, repetitions at QoS 1 among them.</summary>
    public IReadOnlyList<string> Received => _received;

    /// <summary>Payloads that the broker has taken responsibility for.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    public bool IsIdle => _sending.Count == 0;

    public async Task ConnectAsync(EngineHost host)
    {
        if (Peer is { IsClosed: false })
            return;
        var (peer, isPresent) = await MemoryPeer.OpenAsync(host, id, clean: false, ForEver);
        Assert.Equal(_isKnown, isPresent);
        _isKnown = true;
        Peer = peer;
        foreach (var (number, sending) in _sending)
            peer.Send(sending.IsReleased ? MemoryPeer.Ack(0x62, sending.Id) : Packet(number, sending, duplicate: true));
    }

    public void Subscribe(string filter)
    {
        Peer!.Send(MemoryPeer.Subscribe(filter, 2));
    }

    public void Publish(int qos)
    {
        if (Peer is not { IsClosed: false } peer)
            return;
        var number = ++_lastNumber;
        if (qos == 0)
        {
            peer.Send(MemoryPeer.Publish($"t/{id}", Payload(0, number), 0));
            return;
        }
        do
            _lastIdentifier = (ushort)(_lastIdentifier == Identifiers ? 1 : _lastIdentifier + 1);
        while (_sending.Values.Any(other => other.Id == _lastIdentifier));
        _sending[number] = new(_lastIdentifier, qos, IsReleased: false);
        peer.Send(Packet(number, _sending[number], duplicate: false));
    }

    /// <summary>Takes in what has come; of what it must acknowledge, it forgets some until the next connection.</summary>
    public void Pump(Func<bool> forgets)
    {
        if (Peer is not { } peer)
            return;
        foreach (var packet in peer.Take())
            Take(peer, packet, forgets);
    }

    public void Drop()
    {
        Peer?.Drop();
        Peer = null;
    }

    /// <summary>The broker's process is gone.</summary>
    public void Lose() => Peer = null;

    private void Take(MemoryPeer peer, byte[] packet, Func<bool> forgets)
    {
        switch (packet[0] >> 4)
        {
            case 3:
                TakeMessage(peer, packet, forgets);
                break;
            case 4 or 5:
                var sent = _sending.First(entry => entry.Value.Id == MemoryPeer.IdOfAck(packet));
                _acknowledged.Add(Payload(sent.Value.Qos, sent.Key));
                if (packet[0] >> 4 == 4)
                    _sending.Remove(sent.Key);
                else
                {
                    _sending[sent.Key] = sent.Value with { IsReleased = true };
                    peer.Send(MemoryPeer.Ack(0x62, sent.Value.Id));
                }
                break;
            case 6:
                _receiving.Remove(MemoryPeer.IdOfAck(packet));
                peer.Send(MemoryPeer.Ack(0x70, MemoryPeer.IdOfAck(packet)));
                break;
            case 7:
                var released = _sending.FirstOrDefault(entry => entry.Value.Id == MemoryPeer.IdOfAck(packet) && entry.Value.IsReleased);
                _sending.Remove(released.Key);
                break;
        }
    }

    private void TakeMessage(MemoryPeer peer, byte[] packet, Func<bool> forgets)
    {
        var (_, payload, qos, identifier) = MemoryPeer.Read(packet);
        if (qos < 2 || _receiving.Add(identifier))
            _received.Add(payload);
        if (qos > 0 && !forgets())
            peer.Send(MemoryPeer.Ack((byte)(qos == 1 ? 0x40 : 0x50), identifier));
    }

    private byte[] Packet(int number, Sending sending, bool duplicate) =>
        MemoryPeer.Publish($"t/{id}", Payload(sending.Qos, number), sending.Qos, sending.Id, duplicate);

    private string Payload(int qos, int number) => string.Create(CultureInfo.InvariantCulture, $"{id} {qos} {number}");

    private sealed record Sending(ushort Id, int Qos, bool IsReleased);
}
