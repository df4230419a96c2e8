using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>
/// One gateway for many shadow tests, each with things of its own: plain MQTT lets anybody in, a device certificate may do everything with
/// every thing, and one more certificate only <c>iot:GetThingShadow</c> on the classic shadow of <c>seen</c>.
/// </summary>
public sealed class ShadowHouse : IAsyncLifetime
{
    public RunningGateway Gateway { get; private set; } = null!;

    /// <summary>HTTPS with a device certificate that may do everything.</summary>
    public HttpClient Https { get; private set; } = null!;

    /// <summary>HTTPS with a device certificate that may read one shadow.</summary>
    public HttpClient Restricted { get; private set; } = null!;

    /// <summary>The control socket.</summary>
    public HttpClient Control { get; private set; } = null!;

    public (string Id, string Secret) AccessKey { get; private set; }

    /// <summary>Paths of <c>ca.pem</c>, <c>device.pem</c> and <c>device.key</c> of the certificate that may do everything.</summary>
    public (string Ca, string Certificate, string Key) Files { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", "gateway.name=pi"]);
        Https = await DeviceAsync("everything", """{"Effect":"Allow","Action":"iot:*","Resource":"*"}""", isSaved: true);
        Restricted = await DeviceAsync("reader", """{"Effect":"Allow","Action":"iot:GetThingShadow","Resource":"arn:aws:iot:edge:000000000000:thing/seen"}""", isSaved: false);
        Control = Gateway.ControlClient();
        var (key, secret) = await Gateway.Services.GetRequiredService<IAccessKeys>().CreateAsync("test", Role.Administrator, "test");
        AccessKey = (key.Id, secret);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in (HttpClient[])[Https, Restricted, Control])
            client.Dispose();
        await Gateway.DisposeAsync();
    }

    private async Task<HttpClient> DeviceAsync(string policy, string statement, bool isSaved)
    {
        var services = Gateway.Services;
        var policies = services.GetRequiredService<IPolicies>();
        var issued = await services.GetRequiredService<ICertificates>().CreateKeysAndCertificateAsync(CertificateStatus.Active, policy, "test");
        await policies.CreateAsync(policy, $$"""{"Version":"2012-10-17","Statement":{{statement}}}""", "test");
        await policies.AttachAsync(policy, services.GetRequiredService<IdentityArns>().Certificate(issued.Certificate.Id), "test");
        var authority = services.GetRequiredService<IServerCertificate>().CaPem;
        if (isSaved)
        {
            Files = (Path.Combine(Gateway.Folder, "test-ca.pem"), Path.Combine(Gateway.Folder, "test-device.pem"), Path.Combine(Gateway.Folder, "test-device.key"));
            await File.WriteAllTextAsync(Files.Ca, authority);
            await File.WriteAllTextAsync(Files.Certificate, issued.Pem);
            await File.WriteAllTextAsync(Files.Key, issued.PrivateKeyPem);
        }
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority));
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = trust,
            ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(issued.Pem, issued.PrivateKeyPem), additionalCertificates: null, offline: true),
        };
        return new(new SocketsHttpHandler { SslOptions = tls }) { BaseAddress = new($"https://127.0.0.1:{Gateway.HttpsPort}/") };
    }
}
