using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Api.Aws.Audits;

/// <summary>The checks of AWS IoT's audits that a gateway can make of what it knows itself.</summary>
internal sealed class AuditChecks(ICertificates certificates, ICertificateAuthorities authorities, IPolicies policies, AwsRecords records, GatewayOptions gateway, TimeProvider time)
{
    private const int ExpiringDays = 30, LeastRsaBits = 2048, LeastEcBits = 256;

    public const string DeviceExpiring = "DEVICE_CERTIFICATE_EXPIRING_CHECK", CaExpiring = "CA_CERTIFICATE_EXPIRING_CHECK", DeviceKey = "DEVICE_CERTIFICATE_KEY_QUALITY_CHECK",
        CaKey = "CA_CERTIFICATE_KEY_QUALITY_CHECK", Permissive = "IOT_POLICY_OVERLY_PERMISSIVE_CHECK", Logging = "LOGGING_DISABLED_CHECK";

    /// <summary>AWS's names.</summary>
    public static IReadOnlyList<string> Names { get; } = [CaExpiring, CaKey, DeviceExpiring, DeviceKey, Permissive, Logging];

    /// <returns>How many resources were looked at, and what is wrong with some.</returns>
    public (int Resources, IReadOnlyList<AuditFinding> Findings) Run(string check)
    {
        var soon = time.GetUtcNow().AddDays(ExpiringDays);
        var active = certificates.List(null).Where(static certificate => certificate.Status == CertificateStatus.Active).ToList();
        var cas = authorities.List().Where(static ca => ca.Active).ToList();
        return check switch
        {
            DeviceExpiring => (active.Count, [.. active.Where(certificate => certificate.NotAfter < soon).Select(certificate => new AuditFinding(
                check, "MEDIUM", "DEVICE_CERTIFICATE", ("deviceCertificateId", certificate.Id), Expiry(certificate.NotAfter), "CERTIFICATE_APPROACHING_EXPIRATION"))]),
            CaExpiring => (cas.Count, [.. cas.Where(ca => ca.NotAfter < soon).Select(ca => new AuditFinding(
                check, "MEDIUM", "CA_CERTIFICATE", ("caCertificateId", ca.Id), Expiry(ca.NotAfter), "CERTIFICATE_APPROACHING_EXPIRATION"))]),
            DeviceKey => (active.Count, [.. active.Select(certificate => (certificate.Id, Weakness: Weakness(certificates.Pem(certificate.Id)))).Where(static weak => weak.Weakness is not null).Select(weak => new AuditFinding(
                check, "CRITICAL", "DEVICE_CERTIFICATE", ("deviceCertificateId", weak.Id), weak.Weakness!, "CERTIFICATE_KEY_WEAK"))]),
            CaKey => (cas.Count, [.. cas.Select(ca => (ca.Id, Weakness: Weakness(ca.Pem))).Where(static weak => weak.Weakness is not null).Select(weak => new AuditFinding(
                check, "CRITICAL", "CA_CERTIFICATE", ("caCertificateId", weak.Id), weak.Weakness!, "CERTIFICATE_KEY_WEAK"))]),
            Permissive => Policies(check),
            _ => (1, records.Find("logging", "options") is { } options && options.Document["disabled"]?.GetValue<bool>() == true
                ? [new(check, "LOW", "ACCOUNT_SETTINGS", ("account", gateway.Account), "the gateway's log is disabled", "LOGGING_DISABLED")] : []),
        };
    }

    private (int, IReadOnlyList<AuditFinding>) Policies(string check)
    {
        var all = policies.List();
        return (all.Count, [.. all.Where(policy => policies.FindVersion(policy.Name, null) is { } version && IsPermissive(version.Document)).Select(policy => new AuditFinding(
            check, "CRITICAL", "IOT_POLICY", ("policyVersionIdentifier", $"{policy.Name} {policy.DefaultVersion}"), "a statement allows every action on every resource", "POLICY_OVERLY_PERMISSIVE"))]);
    }

    private static bool IsPermissive(string document)
    {
        using var policy = JsonDocument.Parse(document);
        return Each(policy.RootElement.GetProperty("Statement")).Any(static statement =>
            statement.GetProperty("Effect").GetString() == "Allow" && Has(statement, "Action", "*", "iot:*") && Has(statement, "Resource", "*") && !statement.TryGetProperty("Condition", out _));

        static IEnumerable<JsonElement> Each(JsonElement one) => one.ValueKind == JsonValueKind.Array ? one.EnumerateArray() : [one];

        static bool Has(JsonElement statement, string member, params string[] words) => statement.TryGetProperty(member, out var values) && Each(values).Any(value => words.Contains(value.GetString(), StringComparer.OrdinalIgnoreCase));
    }

    private static string? Weakness(string? pem)
    {
        if (pem is null)
            return null;
        using var certificate = X509Certificate2.CreateFromPem(pem);
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = certificate.GetECDsaPublicKey();
        return rsa is { KeySize: < LeastRsaBits } ? $"an RSA key of {rsa.KeySize} bits, {LeastRsaBits} are expected" : ec is { KeySize: < LeastEcBits } ? $"an EC key of {ec.KeySize} bits, {LeastEcBits} are expected"
            : certificate.SignatureAlgorithm.FriendlyName?.Contains("sha1", StringComparison.OrdinalIgnoreCase) == true ? "signed with SHA-1" : null;
    }

    private string Expiry(DateTimeOffset at) => at < time.GetUtcNow() ? $"it expired on {at:yyyy-MM-dd}" : $"it expires on {at:yyyy-MM-dd}";
}
