using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Tests.Identity.Certificates;

/// <summary>A CA of somebody else's.</summary>
internal sealed class TestCa(X509Certificate2 certificate) : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public string Pem => certificate.ExportCertificatePem();

    public static TestCa Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return new TestCa(request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    public (string Pem, X509Certificate2 Certificate) Issue(
        string subject, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, string purpose = ClientAuthentication)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        var issued = request.Create(
            certificate, notBefore ?? new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), notAfter ?? new DateTimeOffset(2039, 1, 1, 0, 0, 0, TimeSpan.Zero), RandomNumberGenerator.GetBytes(12));
        return (issued.ExportCertificatePem(), issued);
    }

    public void Dispose() => certificate.Dispose();
}
