using System.Net;
using EdgeGateway.Api;
using EdgeGateway.Configuration;
using EdgeGateway.Gateway;
using EdgeGateway.Identity.Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGateway.Hosting;

/// <summary>Opens what the configuration asks for: the HTTP listeners, the control socket, and the MQTT listeners of the gateway slice.</summary>
internal sealed record Listeners(HttpListenerOptions Http, HttpListenerOptions Https)
{
    public static Listeners Read(ConfigurationTree tree)
    {
        var section = tree.Root.Section("listeners");
        return new(HttpListenerOptions.ReadHttp(section), HttpListenerOptions.ReadHttps(section));
    }

    public void Open(KestrelServerOptions kestrel, string controlSocket, ListenerBook book)
    {
        var mqtt = kestrel.ApplicationServices.GetRequiredService<ListenerOptions>();
        var certificate = kestrel.ApplicationServices.GetRequiredService<IServerCertificate>();
        var failures = kestrel.ApplicationServices.GetRequiredService<HandshakeFailures>();
        kestrel.AddServerHeader = false;
        kestrel.ListenUnixSocket(controlSocket, static listen => Mark(listen, Listener.Control));
        if (mqtt.MqttPort >= 0)
        {
            var endpoint = new IPEndPoint(IPAddress.Parse(mqtt.MqttAddress), mqtt.MqttPort);
            if (mqtt.UsesLoops)
                book.Add("mqtt", endpoint, kestrel.ApplicationServices.MqttBound);
            else
                kestrel.ListenMqtt(endpoint, listen => book.Add("mqtt", endpoint, listen));
        }
        if (mqtt.MqttsPort >= 0)
        {
            var endpoint = new IPEndPoint(IPAddress.Parse(mqtt.MqttsAddress), mqtt.MqttsPort);
            kestrel.ListenMqtts(endpoint, listen => failures.UseTls(listen, TlsHandshakes.ForMqtt(certificate)), listen => book.Add("mqtts", endpoint, listen));
        }
        if (Https.Enabled)
            kestrel.Listen(Https.Address, Https.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.LimitHandshakes();
                failures.UseTls(listen, TlsHandshakes.ForHttps(certificate));
                listen.HandshakeDone();
                listen.UseMqttByAlpn();
                Mark(listen, Listener.Https);
                book.Add(Https.Name, new IPEndPoint(Https.Address, Https.Port), listen);
            });
        if (Http.Enabled)
            kestrel.Listen(Http.Address, Http.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                Mark(listen, Listener.Http);
                book.Add(Http.Name, new IPEndPoint(Http.Address, Http.Port), listen);
            });
    }

    private static void Mark(ListenOptions listen, Listener listener) => listen.Use(next => connection =>
    {
        connection.Features.Set(listener);
        return next(connection);
    });
}
