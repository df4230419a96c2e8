using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Identity.Certificates;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("server-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly LocalCertificateAuthority _ca;
    private HostNames _names = Names("192.168.1.10");

    public ServerCertificateTests() => _ca = LocalCertificateAuthority.OpenOrCreate(Path.Combine(_folder, "ca"), "testpi");

    public void Dispose()
    {
        _ca.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Handshake_EveryNameOfTheMachine_IsAcceptedByTheCa()
    {
        using var server = Open();

        foreach (var name in new[] { "testpi", "testpi.local", "localhost", "192.168.1.10", "127.0.0.1", "::1" })
            Assert.Equal(SslPolicyErrors.None, await HandshakeAsync(server, name));
        Assert.NotEqual(SslPolicyErrors.None, await HandshakeAsync(server, "elsewhere"));
    }

    [Fact]
    public async Task Renew_NewAddress_ShowsItAtTheNextHandshake()
    {
        using var server = Open();
        Assert.Null(server.Renew());
        Assert.NotEqual(SslPolicyErrors.None, await HandshakeAsync(server, "10.0.0.9"));
        var before = server.Current;
        _names = Names("10.0.0.9");

        Assert.NotNull(server.Renew());

        Assert.Equal(SslPolicyErrors.None, await HandshakeAsync(server, "10.0.0.9"));
        Assert.NotSame(before, server.Current);
        Assert.Null(server.Renew());
    }

    [Fact]
    public void Renew_DueAtTwoThirdsOfLife_NotBefore()
    {
        using var server = Open();
        var (first, life) = (server.NotAfter, TimeSpan.FromDays(825));

        _time.Advance(life * 0.65);
        Assert.Null(server.Renew());
        _time.Advance(life * 0.07);
        Assert.NotNull(server.Renew());

        Assert.Equal(_time.GetUtcNow() + life, server.NotAfter);
        Assert.True(server.NotAfter > first);
    }

    [Fact]
    public void Reopened_SameCertificate_UnlessTheCaIsAnother()
    {
        byte[] first;
        using (var server = Open())
            first = server.Current.TargetCertificate.RawData;
        using (var again = Open())
            Assert.Equal(first, again.Current.TargetCertificate.RawData);

        using var other = LocalCertificateAuthority.OpenOrCreate(Path.Combine(_folder, "other"), "testpi");
        using var replaced = new ServerCertificate(other, new IdentityOptions(), Clock(), _folder, () => _names);
        Assert.NotEqual(first, replaced.Current.TargetCertificate.RawData);
    }

    [Fact]
    public void OwnFiles_ReplacedByAFaultyPair_OldOneStays()
    {
        var (file, key) = (Path.Combine(_folder, "own.pem"), Path.Combine(_folder, "own.key"));
        using (var issued = Open())
        {
            File.Copy(Path.Combine(_folder, "server.pem"), file);
            File.Copy(Path.Combine(_folder, "server.key"), key);
        }
        using var server = new ServerCertificate(_ca, new IdentityOptions { ServerCertificateFile = file, ServerKeyFile = key }, Clock(), _folder, () => _names);
        var shown = server.Current;

        File.WriteAllText(file, "nothing");
        File.SetLastWriteTimeUtc(file, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Throws<InvalidDataException>(server.Renew);
        Assert.Same(shown, server.Current);
    }

    [Fact]
    public void Authority_Files_OnlyForTheService_AndNeverMadeOver()
    {
        var folder = Path.Combine(_folder, "ca");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "ca.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        File.Delete(Path.Combine(folder, "ca.key"));

        var fault = Assert.Throws<InvalidDataException>(() => LocalCertificateAuthority.OpenOrCreate(folder, "testpi"));

        Assert.Contains("ca.key", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "ca.key")));
    }

    private static HostNames Names(string lan) => HostNames.From("testpi", [IPAddress.Parse(lan)], []);

    private ServerCertificate Open() => new(_ca, new IdentityOptions(), Clock(), _folder, () => _names);

    private ClockFloor Clock() => new(Path.Combine(_folder, "clock-floor"), _time, () => true, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>A real TLS handshake over memory, with a client that trusts the gateway's CA and nothing else.</summary>
    private static async Task<SslPolicyErrors> HandshakeAsync(IServerCertificate server, string host)
    {
        var (here, there) = MemoryDuplex.Pair();
        var errors = SslPolicyErrors.RemoteCertificateNotAvailable;
        using var ca = X509Certificate2.CreateFromPem(server.CaPem);
        await using var client = new SslStream(here);
        await using var listener = new SslStream(there);
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.Add(ca);
        var accept = listener.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = server.Current }, default);
        await client.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                CertificateChainPolicy = chain,
                RemoteCertificateValidationCallback = (_, _, _, found) =>
                {
                    errors = found;
                    return true;
                },
            },
            default);
        await accept;
        return errors;
    }
}
