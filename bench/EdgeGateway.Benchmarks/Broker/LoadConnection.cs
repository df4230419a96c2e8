using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGateway.Gateway.Loops;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>One client of the load generator, MQTT 3.1.1: sends ready frames, counts what comes, acknowledges it.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _held = [];
    private byte[] _unsent = [];

    private LoadConnection()
    {
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>PUBACKs that came.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>PUBLISHes that came.</summary>
    public long Received { get; private set; }

    /// <summary>First four payload bytes of the last PUBLISH.</summary>
    public int LastMark { get; private set; }

    /// <summary>Connects and waits for CONNACK, then for each SUBACK.</summary>
    public static LoadConnection Open(int port, string clientId, bool clean, params string[] filters)
    {
        var connection = new LoadConnection();
        connection._socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        connection._socket.Send(Packet(0x10, [.. Text("MQTT"), 4, (byte)(clean ? 2 : 0), 0, 0, .. Text(clientId)]));
        var answer = new byte[4];
        connection.ReadExactly(answer);
        if (answer[3] != 0)
            throw new InvalidOperationException($"CONNACK {answer[3]}");
        foreach (var filter in filters)
            connection.Subscribe(filter, 1);
        connection._socket.Blocking = false;
        return connection;
    }

    public static byte[] Publish(string topic, ReadOnlySpan<byte> payload, int qos, ushort id = 1, bool retain = false) =>
        Packet((byte)(0x30 | (qos << 1) | (retain ? 1 : 0)), [.. Text(topic), .. qos > 0 ? (byte[])[(byte)(id >> 8), (byte)id] : [], .. payload]);

    public static byte[] SubscribePacket(string filter, int qos) => Packet(0x82, [0, 1, .. Text(filter), (byte)qos]);

    /// <summary>Sends, or keeps what the socket does not take for the next call.</summary>
    /// <returns>False: something is kept.</returns>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (_unsent.Length > 0)
        {
            _unsent = [.. _unsent, .. bytes];
            bytes = _unsent;
        }
        var sent = bytes.IsEmpty ? 0 : Math.Max(0, LinuxSockets.Send(Descriptor, bytes));
        _unsent = sent == bytes.Length ? [] : bytes[sent..].ToArray();
        return _unsent.Length == 0;
    }

    /// <summary>Takes in what has come, acknowledges QoS 1.</summary>
    /// <param name="each">Told the mark of every PUBLISH; null: nobody asks.</param>
    public void Receive(byte[] buffer, Action<int>? each)
    {
        _held.CopyTo(buffer, 0);
        var count = LinuxSockets.Receive(Descriptor, buffer.AsSpan(_held.Length));
        if (count == 0)
            throw new EndOfStreamException("the broker closed the connection");
        if (count < 0)
            return;
        var bytes = buffer.AsSpan(0, _held.Length + count);
        Span<byte> acks = stackalloc byte[4096];
        var acked = 0;
        while (TryFrame(bytes, out var header, out var length))
        {
            if (bytes[0] >> 4 == 3)
                acked = Message(bytes[..length], header, acks, acked, each);
            else if (bytes[0] == 0x40)
                Acknowledged++;
            bytes = bytes[length..];
            if (acked > acks.Length - 4)
            {
                Send(acks[..acked]);
                acked = 0;
            }
        }
        if (acked > 0)
            Send(acks[..acked]);
        _held = bytes.IsEmpty ? [] : bytes.ToArray();
    }

    public void Dispose() => _socket.Dispose();

    private int Message(ReadOnlySpan<byte> frame, int header, Span<byte> acks, int acked, Action<int>? each)
    {
        Received++;
        var at = header + 2 + BinaryPrimitives.ReadUInt16BigEndian(frame[header..]);
        if ((frame[0] & 6) != 0)
        {
            acks[acked] = 0x40;
            acks[acked + 1] = 2;
            frame.Slice(at, 2).CopyTo(acks[(acked + 2)..]);
            acked += 4;
            at += 2;
        }
        if (frame.Length - at >= 4)
            LastMark = BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
        each?.Invoke(LastMark);
        return acked;
    }

    private void Subscribe(string filter, int qos)
    {
        _socket.Send(SubscribePacket(filter, qos));
        ReadExactly(new byte[5]);
    }

    private void ReadExactly(byte[] target)
    {
        for (var at = 0; at < target.Length;)
        {
            var count = _socket.Receive(target, at, target.Length - at, SocketFlags.None);
            if (count == 0)
                throw new EndOfStreamException("the broker closed the connection");
            at += count;
        }
    }

    private static bool TryFrame(ReadOnlySpan<byte> bytes, out int header, out int length)
    {
        header = length = 0;
        var remaining = 0;
        for (var i = 1; i < Math.Min(5, bytes.Length); i++)
        {
            remaining |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if (bytes[i] < 0x80)
            {
                header = i + 1;
                length = header + remaining;
                return bytes.Length >= length;
            }
        }
        return false;
    }

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Packet(byte first, byte[] body)
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
