using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using EdgeGateway.Identity;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway;

/// <summary>MQTT on a Kestrel connection, plain or behind TLS: parses all whole packets of what was read before it reads again.</summary>
internal sealed partial class MqttConnectionHandler(GatewayContext context, ILogger<MqttConnectionHandler> log) : ConnectionHandler
{
    private readonly ILogger<MqttConnectionHandler> _log = log;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (GatewayServices.NeedsCertificate(connection) && connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is null)
        {
            LogNoCertificate(connection.RemoteEndPoint?.ToString() ?? "?");
            connection.Abort(); // user names and the like are for the other names (AWS guide: Communication protocols)
            return;
        }
        var transport = new PipeTransport(connection);
        var mqtt = new MqttConnection(context, OriginOf(connection), transport, _log);
        using var connectLimit = new CancellationTokenSource(context.Listeners.ConnectTimeout, context.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connectLimit.Token, context.Stopping);
        using var onLimit = limit.Token.Register(() =>
        {
            if (mqtt.Client is null)
                transport.Abort();
        });
        try
        {
            await ReadAsync(connection.Transport.Input, mqtt);
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or ConnectionResetException or ConnectionAbortedException or InvalidOperationException)
        {
            // The peer or we ended the transport: what it means for the session is told below.
        }
        finally
        {
            context.Unregister(mqtt);
            mqtt.Ended();
            await transport.ClosedAsync();
        }
    }

    private async Task ReadAsync(PipeReader input, MqttConnection mqtt)
    {
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            var used = Consume(mqtt, buffer);
            if (mqtt.Pause is { } pending)
            {
                input.AdvanceTo(buffer.GetPosition(used));
                await pending;
                continue;
            }
            input.AdvanceTo(buffer.GetPosition(used), buffer.End);
            if (result.IsCompleted || mqtt.IsDone)
                return;
        }
    }

    private long Consume(MqttConnection mqtt, in ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsSingleSegment)
            return mqtt.Consume(buffer.FirstSpan);
        var announced = MqttConnection.PacketLength(buffer.FirstSpan);
        if (announced > buffer.Length && announced <= context.Broker.MaxPacketBytes)
            return 0; // a large packet is put together once, when it is whole
        // A packet that spans segments is put together once; Kestrel's segments are 4 KB, so this is a rare or a large packet.
        var rented = ArrayPool<byte>.Shared.Rent((int)buffer.Length);
        try
        {
            buffer.CopyTo(rented);
            return mqtt.Consume(rented.AsSpan(0, (int)buffer.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private ConnectionOrigin OriginOf(ConnectionContext connection)
    {
        var tls = connection.Features.Get<ITlsConnectionFeature>();
        var handshake = connection.Features.Get<ITlsHandshakeFeature>();
        return new()
        {
            Listener = handshake is null ? ListenerKind.Mqtt : ListenerKind.Mqtts,
            Remote = connection.RemoteEndPoint as IPEndPoint,
            ClientCertificate = tls?.ClientCertificate,
            ServerName = handshake?.HostName is { Length: > 0 } name ? name : null,
            AnonymousAllowed = handshake is null && context.Listeners.Anonymous,
            AnonymousPolicy = context.Listeners.AnonymousPolicy,
        };
    }

    [LoggerMessage(1011, LogLevel.Information, "{Address} came with ALPN x-amzn-mqtt-ca and no client certificate: it was closed")]
    private partial void LogNoCertificate(string address);

    private sealed class PipeTransport(ConnectionContext connection) : ITransport
    {
        private readonly SemaphoreSlim _writing = new(1, 1); // a PipeWriter has one user at a time
        private bool _completed;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            await _writing.WaitAsync();
            try
            {
                if (_completed)
                    return;
                var result = await connection.Transport.Output.WriteAsync(bytes);
                if (result.IsCompleted || result.IsCanceled)
                    throw new IOException("the peer reads no more");
            }
            finally
            {
                _writing.Release();
            }
        }

        public async ValueTask CloseAsync()
        {
            await ClosedAsync();
            connection.Transport.Input.CancelPendingRead();
        }

        public void Abort() => connection.Abort();

        /// <summary>Completing the output sends what is in it, then FIN.</summary>
        public async ValueTask ClosedAsync()
        {
            await _writing.WaitAsync();
            try
            {
                if (_completed)
                    return;
                _completed = true;
                await connection.Transport.Output.CompleteAsync();
            }
            finally
            {
                _writing.Release();
            }
        }
    }
}
