using System.Net;
using EdgeGateway.Broker;
using EdgeGateway.Configuration;
using EdgeGateway.Gateway.Loops;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway;

/// <summary>Adds the device gateway: the MQTT listeners and MQTT over WebSocket.</summary>
public static class GatewayServices
{
    /// <summary>Where browsers and SDKs open MQTT over WebSocket.</summary>
    public const string WebSocketPath = "/mqtt";

    // 10,000 devices come back at once after a power cut; the kernel lowers it to net.core.somaxconn.
    private const int ListenBacklog = 4096;

    /// <param name="configuration">The root of the tree; reads <c>listeners</c>.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, ConfigurationNode configuration)
    {
        services.AddSingleton(ListenerOptions.Read(configuration.Section("listeners")));
        services.AddSingleton(static provider => new LifecycleEvents(provider.GetRequiredService<IMessageBus>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new GatewayContext(
            provider.GetRequiredService<BrokerOptions>(),
            provider.GetRequiredService<ListenerOptions>(),
            provider.GetRequiredService<Router>(),
            provider.GetRequiredService<SessionRegistry>(),
            provider.GetRequiredService<IAuthenticator>(),
            provider.GetRequiredService<IAuthorizer>(),
            provider.GetRequiredService<LifecycleEvents>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GatewayContext>>()));
        services.AddSingleton<MqttWebSocket>();
        services.AddSingleton<HandshakeGate>();
        services.AddSingleton<MqttConnectionHandler>();
        services.AddSingleton<MqttTcpListener>();
        services.AddHostedService(static provider => provider.GetRequiredService<MqttTcpListener>()); // before the keeper: stops after it has said goodbye
        services.AddHostedService<ConnectionKeeper>();
        services.Configure<SocketTransportOptions>(static sockets => sockets.Backlog = ListenBacklog);
        return services;
    }

    /// <summary>Where the plain MQTT listener on event loops is bound, after the start.</summary>
    public static IPEndPoint MqttBound(this IServiceProvider services) => services.GetRequiredService<MqttTcpListener>().Bound!;

    /// <summary>The plain MQTT listener on one address, by Kestrel.</summary>
    /// <param name="opened">Sees the listener, whose address is the bound one after the start.</param>
    public static void ListenMqtt(this KestrelServerOptions kestrel, IPEndPoint endpoint, Action<ListenOptions>? opened = null) =>
        kestrel.Listen(endpoint, listen =>
        {
            listen.UseConnectionHandler<MqttConnectionHandler>();
            opened?.Invoke(listen);
        });

    /// <summary>The MQTT listener behind TLS.</summary>
    /// <param name="useTls">Puts TLS on the listener: asks for a client certificate and chooses ours per handshake.</param>
    /// <param name="opened">Sees the listener, whose address is the bound one after the start.</param>
    public static void ListenMqtts(this KestrelServerOptions kestrel, IPEndPoint endpoint, Action<ListenOptions> useTls, Action<ListenOptions>? opened = null) =>
        kestrel.Listen(endpoint, listen =>
        {
            listen.LimitHandshakes();
            useTls(listen);
            listen.HandshakeDone();
            listen.UseConnectionHandler<MqttConnectionHandler>();
            opened?.Invoke(listen);
        });

    /// <summary>
    /// On a listener that also speaks HTTP: a connection whose ALPN is <c>x-amzn-mqtt-ca</c> or <c>mqtt</c> speaks MQTT. Call between
    /// <c>UseHttps</c> and the HTTP server.
    /// </summary>
    public static void UseMqttByAlpn(this ListenOptions listen)
    {
        var handler = listen.ApplicationServices.GetRequiredService<MqttConnectionHandler>();
        listen.Use(next => connection => AlpnOf(connection).IsMqtt ? handler.OnConnectedAsync(connection) : next(connection));
    }

    /// <summary>ALPN <c>x-amzn-mqtt-ca</c> promises a client certificate.</summary>
    internal static bool NeedsCertificate(ConnectionContext connection) => AlpnOf(connection).NeedsCertificate;

    private static (bool IsMqtt, bool NeedsCertificate) AlpnOf(ConnectionContext connection)
    {
        var alpn = connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol.Protocol ?? default;
        var needsCertificate = alpn.Span.SequenceEqual("x-amzn-mqtt-ca"u8);
        return (needsCertificate || alpn.Span.SequenceEqual("mqtt"u8), needsCertificate);
    }

    /// <summary>
    /// Sends clients away for a while: MQTT 5 clients are told where to (0x9C with a server reference), others are closed; new ones are
    /// refused until <see cref="EndMaintenance"/>.
    /// </summary>
    /// <param name="serverReference">Null: <c>broker.redirect</c>, or nowhere.</param>
    /// <returns>Clients that were connected.</returns>
    public static int BeginMaintenance(this IServiceProvider services, string? serverReference)
    {
        var context = services.GetRequiredService<GatewayContext>();
        context.Maintenance.Begin(serverReference);
        var closed = 0;
        foreach (var connection in context.Connections)
        {
            connection.Close(
                context.Maintenance.ServerReference is null ? ReasonCode.ServerBusy : ReasonCode.UseAnotherServer,
                DisconnectReason.ServerInitiated, "the gateway is in maintenance", context.Maintenance.ServerReference);
            closed++;
        }
        return closed;
    }

    public static void EndMaintenance(this IServiceProvider services) => services.GetRequiredService<GatewayContext>().Maintenance.End();

    /// <summary>
    /// Call before <c>UseHttps</c>: so many handshakes run at a time and the others wait their turn, so that a crowd of clients coming back
    /// does not take the processor from those that are connected.
    /// </summary>
    public static void LimitHandshakes(this ListenOptions listen)
    {
        var gate = listen.ApplicationServices.GetRequiredService<HandshakeGate>();
        listen.Use(next => connection => gate.EnterAsync(connection, next));
    }

    /// <summary>Call after <c>UseHttps</c>.</summary>
    public static void HandshakeDone(this ListenOptions listen) => listen.Use(static next => connection =>
    {
        connection.Features.Get<HandshakeGate.Turn>()?.Done();
        return next(connection);
    });

    /// <summary>Hands a request for <see cref="WebSocketPath"/> to MQTT.</summary>
    /// <param name="principal">Whom the request proved; null: CONNECT must say.</param>
    public static Task HandleMqttWebSocketAsync(this HttpContext http, Principal? principal) =>
        http.RequestServices.GetRequiredService<MqttWebSocket>().HandleAsync(http, principal);
}
