using System.Net.WebSockets;

namespace EdgeGateway.Pages.Mqtt;

/// <summary>MQTT over the browser's WebSocket: binary frames, subprotocol <c>mqtt</c> (MQTT 3.1.1 §6).</summary>
internal sealed class WebSocketDialer(Uri pages) : IMqttDialer
{
    /// <summary>The broker's address beside the pages: same host and port, path /mqtt.</summary>
    internal static Uri Endpoint(Uri pages) =>
        new UriBuilder(pages) { Scheme = pages.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/mqtt", Query = "", Fragment = "" }.Uri;

    public async Task<IMqttChannel> DialAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol("mqtt");
            await socket.ConnectAsync(Endpoint(pages), cancellationToken);
            return new WebSocketChannel(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class WebSocketChannel(ClientWebSocket socket) : IMqttChannel
    {
        public Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).AsTask();

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var received = await socket.ReceiveAsync(buffer, cancellationToken);
            return received.MessageType switch
            {
                WebSocketMessageType.Close => 0,
                WebSocketMessageType.Binary => received.Count,
                _ => throw new MqttFormatException("text frame from the broker [MQTT-6.0.0-1]"),
            };
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
