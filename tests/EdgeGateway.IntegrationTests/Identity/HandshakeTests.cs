using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.IntegrationTests.Broker;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>Who is refused hears why, and the log says in one line which certificate and for whom.</summary>
public sealed class HandshakeTests(ITestOutputHelper output)
{
    private const byte NotAuthorized = 0x87;
    private const byte BadUserNameOrPassword = 0x86;

    [Fact]
    public async Task Connect_BadCertificates_RefusedWithOneLineEach()
    {
        var log = new LineLog();
        await using var gateway = await RunningGateway.StartAsync(["identity.trustClock=true"], amend: log.AddTo);
        using var ca = new OwnCa("acme");
        var certificates = gateway.Services.GetRequiredService<ICertificates>();
        using var unknown = ca.Issue("CN=unknown");
        using var inactive = ca.Issue("CN=inactive");
        using var expired = ca.Issue("CN=expired", notAfter: new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var wrongPurpose = ca.Issue("CN=server", purpose: OwnCa.ServerAuthentication);
        await certificates.RegisterWithoutCaAsync(inactive.ExportCertificatePem(), CertificateStatus.Inactive, "test");
        await certificates.RegisterWithoutCaAsync(expired.ExportCertificatePem(), CertificateStatus.Active, "test");
        await certificates.RegisterWithoutCaAsync(wrongPurpose.ExportCertificatePem(), CertificateStatus.Active, "test");

        foreach (var (certificate, client, why) in new[] { (unknown, "c-unknown", "is not registered"), (inactive, "c-inactive", "is INACTIVE"), (expired, "c-expired", "expired at 2022"), (wrongPurpose, "c-purpose", "is not for client authentication") })
        {
            var (refused, answer) = await SecureClient.TryOpenAsync(gateway.MqttsPort, certificate, client);
            using (refused)
            {
                Assert.Equal((0x20, NotAuthorized), (answer[0], answer[3]));
                Assert.True(await refused.IsClosedAsync());
            }
            var line = Assert.Single(log.Containing(client));
            Assert.Contains(why, line, StringComparison.Ordinal);
            Assert.Contains(IdOf(certificate), line, StringComparison.Ordinal);
        }
        var (stranger, nothing) = await SecureClient.TryOpenAsync(gateway.MqttsPort, certificate: null, "c-nothing");
        using (stranger)
            Assert.Equal(BadUserNameOrPassword, nothing[3]);
        Assert.Single(log.Containing("c-nothing"));
    }

    [Fact]
    public async Task Garbage_TwoHundredHandshakes_NoPublishOfOthersFails()
    {
        var log = new LineLog();
        await using var gateway = await RunningGateway.StartAsync(amend: log.AddTo);
        using var folder = new TemporaryFolder();
        (await gateway.CliAsync("device", "add", "lamp", "--out", folder.Path)).Succeeded();
        using var live = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");
        var quiet = await PublishAsync(live, 200);
        var garbage = SendGarbageAsync(gateway.MqttsPort, 200);
        var noisy = await PublishAsync(live, 200);
        output.WriteLine($"p99 of a publish: {quiet.TotalMilliseconds:F1} ms alone, {noisy.TotalMilliseconds:F1} ms under garbage");
        Assert.Equal(200, await garbage);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (log.Containing("TLS handshake of 127.0.0.1 failed").Length == 0)
            await look.WaitForNextTickAsync(limit.Token); // the sender is done before the handshakes have failed
        Assert.InRange(log.Containing("TLS handshake of 127.0.0.1 failed").Length, 1, 10); // one at once, then one a minute
        using var after = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");
    }

    [Fact]
    public async Task ServerCertificate_FilesReplaced_NextHandshakeShowsItAndNobodyIsDropped()
    {
        using var files = new TemporaryFolder();
        using var ca = new OwnCa("own");
        using var first = ca.Issue("CN=first", purpose: OwnCa.ServerAuthentication, dnsName: "localhost");
        using var second = ca.Issue("CN=second", purpose: OwnCa.ServerAuthentication, dnsName: "localhost");
        var (certificateFile, keyFile) = (await files.WriteAsync("server.pem", first.ExportCertificatePem() + "\n" + ca.Pem), await files.WriteAsync("server.key", OwnCa.KeyPemOf(first)));
        await using var gateway = await RunningGateway.StartAsync([$"identity.serverCertificate={certificateFile}", $"identity.serverKey={keyFile}"]);
        using var folder = new TemporaryFolder();
        (await gateway.CliAsync("device", "add", "lamp", "--out", folder.Path)).Succeeded();
        Assert.Equal(ca.Pem.Trim(), (await File.ReadAllTextAsync(folder.In("ca.pem"))).Trim());
        using var live = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");
        Assert.Equal(first.RawData, live.ServerCertificate);

        await files.WriteAsync("server.key", OwnCa.KeyPemOf(second));
        await files.WriteAsync("server.pem", second.ExportCertificatePem() + "\n" + ca.Pem);
        File.SetLastWriteTimeUtc(certificateFile, DateTime.UnixEpoch.AddYears(60));
        gateway.Services.GetRequiredService<ServerCertificate>().Renew();

        using var later = await SecureClient.ConnectAsync(gateway.MqttsPort, certificate: null);
        Assert.Equal(second.RawData, later.ServerCertificate);
        await live.SendAsync(0xC0, 0);
        Assert.Equal(new byte[] { 0xD0, 0 }, await live.ReadAsync());
    }

    [Fact]
    public async Task OwnCa_FromFiles_SignsDevicesAndServer()
    {
        using var files = new TemporaryFolder();
        using var ca = new OwnCa("house CA");
        await using var gateway = await RunningGateway.StartAsync([$"identity.caCertificate={await files.WriteAsync("ca.pem", ca.Pem)}", $"identity.caKey={await files.WriteAsync("ca.key", ca.KeyPem)}"]);
        using var folder = new TemporaryFolder();

        var added = (await gateway.CliAsync("device", "add", "lamp", "--out", folder.Path)).Succeeded();

        var line = added.Output.Split('\n').Single(static text => text.StartsWith("mosquitto_pub ", StringComparison.Ordinal));
        (await Programs.RunAsync("sh", ["-c", line])).Succeeded();
        Assert.Equal(ca.Pem.Trim(), (await File.ReadAllTextAsync(folder.In("ca.pem"))).Trim());
        using var device = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(folder.In("device.pem")));
        Assert.Equal("CN=house CA", device.Issuer);
    }

    /// <returns>The slowest but two: p99 of 200.</returns>
    private static async Task<TimeSpan> PublishAsync(SecureClient live, ushort count)
    {
        var times = new List<TimeSpan>();
        for (ushort id = 1; id <= count; id++)
        {
            var since = Stopwatch.GetTimestamp();
            await live.SendAsync(Packets.Publish("devices/lamp/telemetry", "x", qos: 1, id: id));
            var answer = await live.ReadAsync();
            times.Add(Stopwatch.GetElapsedTime(since));
            Assert.Equal((0x40, id), (answer[0], Packets.IdOf(answer)));
        }
        return times.Order().ElementAt(count - 3);
    }

    private static async Task SendAllAsync(RawClient client, byte[] bytes)
    {
        try
        {
            await client.SendAsync(bytes);
            client.Finish();
        }
        catch (Exception ex) when (ex is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            // The gateway has had enough already.
        }
    }

    private static string IdOf(X509Certificate2 certificate) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.RawData));

    /// <returns>Connections the gateway closed.</returns>
    private static async Task<int> SendGarbageAsync(int port, int count)
    {
        var random = new Random(4);
        var closed = 0;
        for (var n = 0; n < count; n++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (n % 2 == 0)
                bytes[0] = 0x16;                                     // begins like a TLS handshake
            using var client = await RawClient.ConnectAsync(port);
            await SendAllAsync(client, bytes);
            if (await client.IsClosedAsync())
                closed++;
        }
        return closed;
    }
}
