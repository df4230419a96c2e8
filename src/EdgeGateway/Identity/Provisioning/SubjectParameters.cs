using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>What a JITP template is offered of a certificate's subject (AWS guide: Just-in-time registration).</summary>
internal static class SubjectParameters
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["2.5.4.6"] = "Country", ["2.5.4.10"] = "Organization", ["2.5.4.11"] = "OrganizationalUnit", ["2.5.4.46"] = "DistinguishedNameQualifier",
        ["2.5.4.8"] = "StateName", ["2.5.4.3"] = "CommonName", ["2.5.4.5"] = "SerialNumber",
    };

    public static Dictionary<string, string> Of(X509Certificate2 certificate)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS::IoT::Certificate::Id"] = CertificateIds.Of(certificate) };
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
            if (!name.HasMultipleElements && Names.TryGetValue(name.GetSingleElementType().Value ?? "", out var field) && name.GetSingleElementValue() is { } value)
                parameters.TryAdd("AWS::IoT::Certificate::" + field, value);
        return parameters;
    }
}
