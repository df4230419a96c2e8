using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.Tests.Support;
using Xunit;

namespace EdgeGateway.Tests.Identity.Certificates;

/// <summary>Certificates and signing requests with bytes changed, in PEM and below it: taken, or refused by identity's own error; nothing half-made stays.</summary>
[Trait("Category", "Fuzz")]
public sealed class CertificateFuzzTests : IDisposable
{
    private readonly IdentityHouse _house = new();
    private readonly TestCa _owner = TestCa.Make("Owner");

    public void Dispose()
    {
        _house.Dispose();
        _owner.Dispose();
    }

    [Fact]
    public async Task Certificate_Mutated_RegisteredOrRefused()
    {
        var sound = Sound();
        using var ca = X509Certificate2.CreateFromPem(_owner.Pem);
        await Fuzz.RunAsync(async random =>
        {
            var pem = Mutated(random, sound, "CERTIFICATE");
            var before = _house.Certificates.List(null).Count;
            try
            {
                var registered = await _house.Certificates.RegisterWithoutCaAsync(pem, CertificateStatus.Active, IdentityHouse.Actor);
                Assert.Equal(before + 1, _house.Certificates.List(null).Count);
                using var certificate = X509Certificate2.CreateFromPem(pem);
                CertificateFields.AddTo(new PolicyContext(), certificate);
                SubjectParameters.Of(certificate);
                CertificateChecks.IsSignedBy(certificate, ca);
                await _house.Authenticator.AuthenticateAsync(new ConnectCredentials { Listener = ListenerKind.Mqtts, ClientCertificate = certificate }, default);
                Assert.Equal(CertificateIds.Of(certificate), registered.Id);
            }
            catch (IdentityException)
            {
                Assert.Equal(before, _house.Certificates.List(null).Count);
            }
        });
    }

    [Fact]
    public async Task Csr_Mutated_SignedOrRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var sound = new CertificateRequest("CN=mine, O=Works", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        await Fuzz.RunAsync(async random =>
        {
            var before = _house.Certificates.List(null).Count;
            try
            {
                await _house.Certificates.CreateFromCsrAsync(Mutated(random, sound, "CERTIFICATE REQUEST"), CertificateStatus.Inactive, IdentityHouse.Actor);
                Assert.Equal(before + 1, _house.Certificates.List(null).Count);
            }
            catch (IdentityException)
            {
                Assert.Equal(before, _house.Certificates.List(null).Count);
            }
        });
    }

    [Fact]
    public async Task Ca_Mutated_RegisteredOrRefused() => await Fuzz.RunAsync(async random =>
    {
        using var ca = X509Certificate2.CreateFromPem(_owner.Pem);
        var before = _house.Authorities.List().Count;
        try
        {
            await _house.Authorities.RegisterAsync(new CaRegistration(Mutated(random, ca.RawData, "CERTIFICATE"), null, true, true, "SNI_ONLY", null), IdentityHouse.Actor);
            Assert.Equal(before + 1, _house.Authorities.List().Count);
        }
        catch (IdentityException)
        {
            Assert.Equal(before, _house.Authorities.List().Count);
        }
    });

    private byte[] Sound()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=meter, O=Works, C=DE, SERIALNUMBER=7", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("meter.local");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddEmailAddress("a@example.org");
        names.AddUri(new Uri("urn:x"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var ca = X509Certificate2.CreateFromPem(_owner.Pem);
        using var issued = request.CreateSelfSigned(new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2039, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return issued.RawData;
    }

    /// <summary>Below the PEM mostly: a changed letter of it ends at the base64.</summary>
    private static string Mutated(Random random, byte[] der, string label) => random.Next(4) == 0
        ? Fuzz.Mutate(random, PemEncoding.WriteString(label, der), ["-----BEGIN CERTIFICATE-----", "-----END X-----", "\n", "=", "\0", "é", "-----BEGIN PRIVATE KEY-----"])
        : PemEncoding.WriteString(label, Fuzz.Mutate(random, der));
}
