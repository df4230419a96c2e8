using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using EdgeGateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway;

/// <summary>MQTT over WebSocket at <c>/mqtt</c> (MQTT 5.0 §6): binary frames, sub-protocol <c>mqtt</c>; packets and frames need not align.</summary>
internal sealed class MqttWebSocket(GatewayContext context, ILogger<MqttWebSocket> log)
{
    private const int FirstBufferBytes = 4096;
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    /// <param name="principal">Whom the request proved, such as by SigV4; null: CONNECT must say.</param>
    public async Task HandleAsync(HttpContext http, Principal? principal)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "websocket";
            return;
        }
        var asked = http.WebSockets.WebSocketRequestedProtocols;
        if (!asked.Contains("mqtt") && !asked.Contains("mqttv3.1"))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest; // [MQTT-6.0.0-3]
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = asked.Contains("mqtt") ? "mqtt" : "mqttv3.1" });
        using var open = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var transport = new SocketTransport(socket, http, open);
        var mqtt = new MqttConnection(context, OriginOf(http, principal), transport, log);
        using var connectLimit = new CancellationTokenSource(context.Listeners.ConnectTimeout, context.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connectLimit.Token, context.Stopping);
        using var onLimit = limit.Token.Register(() =>
        {
            if (mqtt.Client is null)
                transport.Abort();
        });
        try
        {
            await ReadAsync(socket, mqtt, open.Token);
        }
        catch (Exception ex) when (ex is WebSocketException or IOException or OperationCanceledException)
        {
            // The peer or we ended the transport: what it means for the session is told below.
        }
        finally
        {
            context.Unregister(mqtt);
            mqtt.Ended();
            await transport.CloseAsync();
        }
    }

    private async Task ReadAsync(WebSocket socket, MqttConnection mqtt, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        var held = 0;
        try
        {
            while (!mqtt.IsDone)
            {
                if (held == buffer.Length)
                    buffer = Grow(buffer, held);
                var received = await socket.ReceiveAsync(buffer.AsMemory(held), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    mqtt.ClosedByPeer();
                    return;
                }
                if (received.MessageType == WebSocketMessageType.Text)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.InvalidMessageType, "MQTT is binary [MQTT-6.0.0-1]", cancellationToken);
                    return;
                }
                held += received.Count;
                held = await ConsumeAsync(mqtt, buffer, held);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> ConsumeAsync(MqttConnection mqtt, byte[] buffer, int held)
    {
        while (true)
        {
            var used = mqtt.Consume(buffer.AsSpan(0, held));
            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
            if (mqtt.Pause is not { } pending)
                return held;
            await pending;
        }
    }

    // Bounded: Consume refuses a packet over the limit as soon as it sees the length.
    private static byte[] Grow(byte[] buffer, int held)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private ConnectionOrigin OriginOf(HttpContext http, Principal? principal) => new()
    {
        Listener = http.Request.IsHttps ? ListenerKind.SecureWebSocket : ListenerKind.WebSocket,
        Remote = http.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, http.Connection.RemotePort) : null,
        ClientCertificate = http.Connection.ClientCertificate,
        ServerName = http.Request.IsHttps ? http.Request.Host.Host : null,
        AnonymousAllowed = !http.Request.IsHttps && context.Listeners.Anonymous,
        AnonymousPolicy = context.Listeners.AnonymousPolicy,
        UpgradePrincipal = principal,
        Headers = http.Request.Headers.ToDictionary(static header => header.Key.ToLowerInvariant(), static header => header.Value.ToString(), StringComparer.Ordinal),
        QueryString = http.Request.QueryString.Value,
    };

    private sealed class SocketTransport(WebSocket socket, HttpContext http, CancellationTokenSource open) : ITransport
    {
        private readonly SemaphoreSlim _writing = new(1, 1); // one SendAsync at a time

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            await _writing.WaitAsync();
            try
            {
                await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            }
            finally
            {
                _writing.Release();
            }
        }

        public async ValueTask CloseAsync()
        {
            await _writing.WaitAsync();
            try
            {
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    open.CancelAfter(LingerTime); // a peer that does not close, too, is not waited for
                }
            }
            catch (Exception ex) when (ex is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                http.Abort();
            }
            finally
            {
                _writing.Release();
            }
        }

        public void Abort() => http.Abort();
    }
}
