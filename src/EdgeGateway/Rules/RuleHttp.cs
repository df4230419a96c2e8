using System.Net;

namespace EdgeGateway.Rules;

/// <summary>The one HTTP client of rules: no proxy of the environment, no redirects (a confirmed destination stays the one that was confirmed).</summary>
internal sealed class RuleHttp : IDisposable
{
    public RuleHttp()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        Client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
