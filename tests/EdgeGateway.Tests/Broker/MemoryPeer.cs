using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>The client's end of a connection without a socket: bytes in, whole packets out.</summary>
internal sealed class MemoryPeer : ITransport
{
    private readonly List<byte> _output = [];
    private readonly GatewayContext _context;
    private readonly MqttConnection _connection;

    public MemoryPeer(EngineHost host)
    {
        _context = host.Context;
        _connection = new(host.Context, new() { Listener = ListenerKind.Mqtt, AnonymousAllowed = true }, this, NullLogger.Instance);
    }

    /// <summary>The broker has ended it.</summary>
    public bool IsClosed { get; private set; }

    public bool IsOpening => _connection.Pause is not null;

    /// <summary>Sends CONNECT of MQTT 5 and takes the CONNACK.</summary>
    /// <param name="commits">False: the disk takes nothing, so only a session that is not to survive is answered.</param>
    /// <returns>Session present.</returns>
    public static async Task<(MemoryPeer Peer, bool IsPresent)> OpenAsync(EngineHost host, string clientId, bool clean, uint expirySeconds, byte[]? will = null, bool commits = true)
    {
        var peer = new MemoryPeer(host);
        var properties = new byte[5];
        properties[0] = 0x11;
        BinaryPrimitives.WriteUInt32BigEndian(properties.AsSpan(1), expirySeconds);
        peer.Send(Packet(0x10, [.. Text("MQTT"), 5, (byte)((clean ? 2 : 0) | (will is null ? 0 : 4)), 0, 0, 5, .. properties, .. Text(clientId), .. will ?? []]));
        if (commits)
            host.Commit();
        if (peer._connection.Pause is { } pending)
            await pending;
        var answer = peer.TakeOne();
        Assert.Equal(0x20, answer[0]);
        Assert.Equal(0, answer[3]);
        return (peer, answer[2] == 1);
    }

    public void Send(byte[] bytes)
    {
        if (!IsClosed)
            _connection.Consume(bytes);
    }

    /// <summary>As <see cref="Send"/>; what is not used comes again with the next bytes, as from a socket.</summary>
    /// <returns>Bytes used.</returns>
    public int Feed(ReadOnlySpan<byte> bytes) => _connection.Consume(bytes);

    /// <summary>The packets that came since the last call.</summary>
    public List<byte[]> Take()
    {
        while (_connection.TakeOutput(out var buffer, out var length))
        {
            _output.AddRange(buffer.AsSpan(0, length));
            _connection.OutputWritten(buffer);
        }
        var bytes = _output.ToArray();
        var packets = new List<byte[]>();
        var at = 0;
        while (at < bytes.Length && MqttConnection.PacketLength(bytes.AsSpan(at)) is > 0 and var length && at + length <= bytes.Length)
        {
            packets.Add(bytes[at..(at + length)]);
            at += length;
        }
        _output.RemoveRange(0, at);
        return packets;
    }

    /// <summary>Completes when CONNECT was answered.</summary>
    public Task OpenedAsync() => _connection.Pause ?? Task.CompletedTask;

    /// <summary>The next packet; the others stay.</summary>
    public byte[] TakeOne()
    {
        var packets = Take();
        foreach (var packet in packets.Skip(1))
            _output.AddRange(packet);
        return packets[0];
    }

    /// <summary>The connection is lost.</summary>
    public void Drop()
    {
        IsClosed = true;
        _context.Unregister(_connection); // as every transport does
        _connection.Ended();
    }

    public bool TryFlush() => true; // Take pulls

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _output.AddRange(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync()
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }

    public void Abort() => IsClosed = true;

    public static byte[] Publish(string topic, string payload, int qos, ushort id = 0, bool duplicate = false, bool retain = false, byte[]? properties = null) =>
        Packet((byte)(0x30 | (duplicate ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)), [
            .. Text(topic), .. qos > 0 ? (byte[])[(byte)(id >> 8), (byte)id] : [], (byte)(properties?.Length ?? 0), .. properties ?? [], .. Encoding.UTF8.GetBytes(payload)]);

    public static byte[] Subscribe(string filter, int qos) => Packet(0x82, [0, 1, 0, .. Text(filter), (byte)qos]);

    public static byte[] Ack(byte first, ushort id) => [first, 2, (byte)(id >> 8), (byte)id];

    public static ushort IdOfAck(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    /// <summary>A PUBLISH of MQTT 5, taken apart.</summary>
    public static (string Topic, string Payload, int Qos, ushort Id) Read(byte[] packet)
    {
        var at = 1;
        while ((packet[at++] & 0x80) != 0)
        {
        }
        var topicLength = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));
        var topic = Encoding.UTF8.GetString(packet, at + 2, topicLength);
        at += 2 + topicLength;
        var qos = (packet[0] >> 1) & 3;
        var id = qos > 0 ? BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at)) : (ushort)0;
        at += qos > 0 ? 2 : 0;
        at += 1 + packet[at];
        return (topic, Encoding.UTF8.GetString(packet, at, packet.Length - at), qos, id);
    }

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    public static byte[] Packet(byte first, byte[] body)
    {
        var length = new List<byte>();
        for (var rest = body.Length; ; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            if (rest <= 0x7F)
                return [first, .. length, .. body];
        }
    }
}
