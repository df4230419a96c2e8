using System.Net;
using EdgeGateway.Configuration;

namespace EdgeGateway.Hosting;

/// <summary>Where one HTTP listener binds (<c>listeners.http</c>, <c>listeners.https</c>).</summary>
/// <param name="Name">Key below <c>listeners</c>, and in <c>endpoints.json</c>.</param>
/// <param name="Address">Address of a local interface, or any.</param>
/// <param name="Port">0: a free one; -1: off.</param>
public sealed record HttpListenerOptions(string Name, IPAddress Address, int Port)
{
    public bool Enabled => Port >= 0;

    internal static HttpListenerOptions ReadHttp(ConfigurationNode listeners)
    {
        var http = Read(listeners, "http", "127.0.0.1", 8080);
        if (!IPAddress.IsLoopback(http.Address))
            listeners.Section("http").Fault("address", $"is {http.Address}, expected a loopback address (127.0.0.1 or ::1): this listener has no TLS, listeners.https has");
        return http;
    }

    internal static HttpListenerOptions ReadHttps(ConfigurationNode listeners) => Read(listeners, "https", "0.0.0.0", 8443);

    private static HttpListenerOptions Read(ConfigurationNode listeners, string name, string address, int port)
    {
        var section = listeners.Section(name);
        var text = section.String("address", address);
        if (!IPAddress.TryParse(text, out var parsed))
        {
            section.Fault("address", $"is '{text}', expected an IP address such as 127.0.0.1, 0.0.0.0 or ::");
            parsed = IPAddress.Loopback;
        }
        return new(name, parsed, section.Int32("port", port, atLeast: -1, atMost: 65535));
    }
}
