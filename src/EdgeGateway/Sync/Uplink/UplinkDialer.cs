using System.Collections.Concurrent;
using System.Net.Security;

namespace EdgeGateway.Sync.Uplink;

/// <summary>Opens connections to upstreams of every kind.</summary>
/// <param name="resolve">Makes a path of the configuration absolute.</param>
internal sealed class UplinkDialer(string gatewayName, Func<string, string> resolve, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, int> _attempts = [];
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    /// <param name="window">Messages on their way at most.</param>
    /// <exception cref="UpstreamException">Refused, unreachable or not trusted.</exception>
    public async Task<IUplinkSession> ConnectAsync(UplinkParts parts, int window, CancellationToken cancellationToken)
    {
        if (parts.Options.Kind == UpstreamKind.Https)
            return new HttpBatchSession(parts, Client(parts.Options), resolve);
        var link = new MqttUplink(parts.Options with { Endpoint = Next(parts.Options) }, gatewayName, resolve, time);
        try
        {
            var terms = await link.ConnectAsync(cancellationToken);
            parts.Board.Connected();
            return new UplinkSession(parts, link, terms, window);
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    // Each connect goes to the next address, round and round.
    private Uri Next(UpstreamOptions options)
    {
        if (options.OtherEndpoints.Count == 0)
            return options.Endpoint;
        var attempt = _attempts.AddOrUpdate(options.Name, 0, static (_, before) => before + 1);
        var index = attempt % (options.OtherEndpoints.Count + 1);
        return index == 0 ? options.Endpoint : options.OtherEndpoints[index - 1];
    }

    private HttpClient Client(UpstreamOptions options)
    {
        UplinkTrust trust;
        try
        {
            trust = new(options.Credentials, resolve);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new UpstreamException(UplinkFaults.Of(ex, options.Endpoint), ex);
        }
        var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = trust.Certificates,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                trust.Accepts(certificate, chain, errors) ? true : throw new UpstreamException(trust.Rejection!),
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
