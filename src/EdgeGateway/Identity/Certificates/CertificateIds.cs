using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Identity.Certificates;

/// <summary>The id of a certificate: lower-case hex SHA-256 of its DER (AWS guide: Client certificates).</summary>
internal static class CertificateIds
{
    public static string Of(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));

    public static bool IsId(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
