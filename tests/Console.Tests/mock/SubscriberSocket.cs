using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using EdgeGateway.Pages.Mqtt;

namespace EdgeGateway.ConsoleMock;

/// <summary>The broker's side of MQTT 3.1.1 at QoS 0, as far as the pages use it. Sends every message whatever was subscribed: the pages sort.</summary>
internal sealed class SubscriberSocket(WebSocket socket, SimulatedHouse house)
{
    // DropOldest: a page that does not read loses old messages, as QoS 0 allows.
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAsync(ended.Token);
        house.Published += Queue;
        try
        {
            await ReceiveAsync(ended.Token);
        }
        catch (Exception ex) when (ex is WebSocketException or OperationCanceledException)
        {
            // The page was closed.
        }
        house.Published -= Queue;
        await ended.CancelAsync();
        await sending;
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var reader = new MqttFrameReader();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, cancellationToken) is { MessageType: WebSocketMessageType.Binary } received)
        {
            reader.Append(buffer.AsSpan(0, received.Count));
            while (reader.TryRead(out var frame))
                Answer(frame);
        }
    }

    private void Answer(MqttFrame frame)
    {
        byte[]? answer = frame.Type switch
        {
            MqttFrameType.Connect => [0x20, 2, 0, 0],
            MqttFrameType.Subscribe => [0x90, 3, frame.Body.Span[0], frame.Body.Span[1], 0],
            MqttFrameType.Unsubscribe => [0xB0, 2, frame.Body.Span[0], frame.Body.Span[1]],
            MqttFrameType.PingReq => [0xD0, 0],
            _ => null,
        };
        if (answer is not null)
            _outgoing.Writer.TryWrite(answer);
    }

    private void Queue(string topic, string payload)
    {
        var topicBytes = Encoding.UTF8.GetBytes(topic);
        var payloadBytes = Encoding.UTF8.GetBytes(payload);
        var rest = 2 + topicBytes.Length + payloadBytes.Length;
        var frame = new byte[rest + 3];
        frame[0] = 0x30;
        frame[1] = (byte)((rest & 0x7F) | 0x80);                                      // two length bytes always: allowed to be longer than need be
        frame[2] = (byte)(rest >> 7);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3), (ushort)topicBytes.Length);
        topicBytes.CopyTo(frame, 5);
        payloadBytes.CopyTo(frame, 5 + topicBytes.Length);
        _outgoing.Writer.TryWrite(frame);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in _outgoing.Reader.ReadAllAsync(cancellationToken))
                await socket.SendAsync(frame, WebSocketMessageType.Binary, true, cancellationToken);
        }
        catch (Exception ex) when (ex is WebSocketException or OperationCanceledException)
        {
            // The page was closed.
        }
    }
}
