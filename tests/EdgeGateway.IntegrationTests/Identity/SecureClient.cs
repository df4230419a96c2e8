using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>MQTT over TLS in bytes, with a client certificate or without; trusts every server, and remembers its certificate.</summary>
internal sealed class SecureClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly SslStream _tls;

    private SecureClient(int port)
    {
        _tcp.Connect(IPAddress.Loopback, port);
        _tls = new SslStream(_tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            ServerCertificate = certificate!.Export(X509ContentType.Cert);
            return true;
        });
    }

    /// <summary>DER of what the server showed.</summary>
    public byte[] ServerCertificate { get; private set; } = [];

    /// <summary>Shakes hands; MQTT has not begun.</summary>
    public static async Task<SecureClient> ConnectAsync(int port, X509Certificate2? certificate)
    {
        var client = new SecureClient(port);
        using var limit = new CancellationTokenSource(Limit);
        await client._tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = certificate is null ? [] : new X509CertificateCollection { certificate } }, limit.Token);
        return client;
    }

    /// <summary>Shakes hands and sends CONNECT.</summary>
    /// <returns>The client and the CONNACK.</returns>
    public static async Task<(SecureClient Client, byte[] ConnAck)> TryOpenAsync(int port, X509Certificate2? certificate, string clientId, byte version = 5)
    {
        var client = await ConnectAsync(port, certificate);
        await client.SendAsync(Packets.Connect(clientId, version, true, 0, null));
        return (client, await client.ReadAsync());
    }

    /// <summary>With the bundle of <c>device add</c>, and let in.</summary>
    public static async Task<SecureClient> OpenAsync(RunningGateway gateway, string bundle, string clientId, byte version = 5)
    {
        using var certificate = Load(Path.Combine(bundle, "device.pem"), Path.Combine(bundle, "device.key"));
        var (client, answer) = await TryOpenAsync(gateway.MqttsPort, certificate, clientId, version);
        Assert.Equal((0x20, 0), (answer[0], answer[3]));
        return client;
    }

    /// <summary>A copy whose key TLS can use on every platform.</summary>
    public static X509Certificate2 Load(string certificateFile, string keyFile)
    {
        using var pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    public async Task SendAsync(params byte[] bytes) => await _tls.WriteAsync(bytes);

    /// <summary>The next whole packet.</summary>
    /// <exception cref="EndOfStreamException">The gateway closed the connection.</exception>
    public async Task<byte[]> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var header = new byte[2];
        await _tls.ReadExactlyAsync(header, limit.Token);
        var (remaining, shift, last) = (header[1] & 0x7F, 7, header[1]);
        List<byte> whole = [.. header];
        while ((last & 0x80) != 0)
        {
            var one = new byte[1];
            await _tls.ReadExactlyAsync(one, limit.Token);
            last = one[0];
            remaining |= (last & 0x7F) << shift;
            shift += 7;
            whole.Add(last);
        }
        var body = new byte[remaining];
        await _tls.ReadExactlyAsync(body, limit.Token);
        return [.. whole, .. body];
    }

    /// <summary>True once the gateway has closed, whatever it said before.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            while (true)
                await ReadAsync();
        }
        catch (Exception ex) when (ex is EndOfStreamException or IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _tls.Dispose();
        _tcp.Dispose();
    }
}
