using System.Buffers;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Broker;

/// <content>The output buffer: packets laid out for the socket, taken by the connection.</content>
public sealed partial class Session
{
    internal void Flush() => _connection?.RequestFlush();

    /// <summary>Lays a whole packet of another kind into the output, such as SUBACK.</summary>
    internal void Append(IClientConnection from, ReadOnlySpan<byte> packet, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (_connection != from)
                return;
            packet.CopyTo(Reserve(packet.Length));
            _outputLength += packet.Length;
            WantFlush(burst);
        }
    }

    /// <summary>Takes what is to be written; the buffer goes back by <see cref="OutputWritten"/>.</summary>
    /// <returns>False: there is nothing.</returns>
    public bool TakeOutput(IClientConnection connection, out byte[] buffer, out int length)
    {
        lock (_gate)
        {
            buffer = [];
            length = 0;
            if (_connection != connection)
                return false;
            if (_outputLength == 0)
            {
                _flushWanted = false;
                return false;
            }
            buffer = _output!;
            length = _outputLength;
            _usualOutputBytes = Math.Clamp(Math.Max(length, _usualOutputBytes / 2), FirstOutputBytes, MaxUsualOutputBytes); // so that it need not grow step by step
            _output = null;
            _outputLength = 0;
            return true;
        }
    }

    /// <summary>The buffer was written: there is room for what waits.</summary>
    public void OutputWritten(IClientConnection connection, byte[] buffer)
    {
        ArrayPool<byte>.Shared.Return(buffer);
        lock (_gate)
            if (_connection == connection && _pending.Count > 0)
                Pump(burst: null);
    }

    private bool AppendPublish(MessageBuffer message, in Delivery delivery, ushort id, bool duplicate, DeliveryBurst? burst) =>
        AppendPublish(message.View(), message.ExpiresAt, message.ExpiryOffset, delivery, id, duplicate, burst);

    /// <returns>False: larger than the client takes, so it is as if it had been sent [MQTT-3.1.2-25].</returns>
    private bool AppendPublish(in MessageView view, long expiresAt, int expiryOffset, in Delivery delivery, ushort id, bool duplicate, DeliveryBurst? burst)
    {
        ushort alias = 0;
        var topic = view.Topic;
        var isKnown = false;
        if (_aliases is not null && !duplicate)
        {
            alias = _aliases.Of(topic, out isKnown);
            if (isKnown)
                topic = default;
        }
        var writer = new PublishWriter
        {
            Version = _version,
            Topic = topic,
            Payload = view.Payload,
            Properties = _version == ProtocolVersion.V5 ? view.Properties : default,
            ExpiryOffset = _version == ProtocolVersion.V5 ? expiryOffset : -1,
            ExpirySeconds = expiryOffset < 0 ? 0 : (uint)Math.Max(1, (expiresAt - _router.Now + 999) / 1000),
            QualityOfService = delivery.QualityOfService,
            Retain = delivery.Retain,
            Duplicate = duplicate,
            PacketIdentifier = id,
            SubscriptionIdentifiers = delivery.SubscriptionIdentifiers,
            TopicAlias = alias,
        };
        var length = writer.PacketLength;
        if (length > _maximumPacketSize)
        {
            if (alias != 0 && !isKnown)
                _aliases!.Forget(view.Topic);
            _dropped++;
            if (burst is not null)
                burst.Dropped++;
            return false;
        }
        writer.Write(Reserve(length));
        _outputLength += length;
        if (burst is not null)
        {
            burst.MessagesOut++;
            burst.BytesOut += view.Payload.Length;
        }
        return true;
    }

    private void AppendAck(AckPacket ack) => _outputLength += ack.Write(Reserve(AckPacket.MaxLength), _version);

    private Span<byte> Reserve(int count)
    {
        if (_output is null)
            _output = ArrayPool<byte>.Shared.Rent(Math.Max(_usualOutputBytes, count));
        else if (_output.Length - _outputLength < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_output.Length * 2, _outputLength + count));
            _output.AsSpan(0, _outputLength).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_output);
            _output = larger;
        }
        return _output.AsSpan(_outputLength);
    }

    private void ReturnOutput()
    {
        if (_output is not null)
            ArrayPool<byte>.Shared.Return(_output);
        _output = null;
        _outputLength = 0;
    }

    private void WantFlush(DeliveryBurst burst)
    {
        if (_flushWanted || _outputLength == 0 || _connection is null)
            return;
        _flushWanted = true;
        burst.Touch(this);
    }
}
