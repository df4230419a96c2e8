namespace EdgeGateway.Api.Aws;

/// <summary>Why an operation is not served (docs/interface.md).</summary>
internal static class AwsGaps
{
    public static string Reason(AwsRoute route) => route.Name switch
    {
        "AcceptCertificateTransfer" or "CancelCertificateTransfer" or "ListOutgoingCertificates" or "RejectCertificateTransfer" or "TransferCertificate"
            => "it has one account, so there is nobody to transfer a certificate to",
        "DescribeEncryptionConfiguration" or "UpdateEncryptionConfiguration" => "it has no key management service",
        _ when route.Name.Contains("CertificateProvider", StringComparison.Ordinal) => "signing by a Lambda function needs the cloud",
        _ when route.Name.Contains("OTAUpdate", StringComparison.Ordinal) => "it needs the code signing service of the cloud; use jobs and streams",
        _ when route.Name.Contains("Sbom", StringComparison.Ordinal) => "software bills of materials are validated in the cloud",
        _ when IsDefender(route) => "Device Defender detects and mitigates in the cloud",
        _ => "this version does not serve it",
    };

    private static bool IsDefender(AwsRoute route) =>
        route.Path.StartsWith("/audit/", StringComparison.Ordinal) || route.Path.StartsWith("/security-profile", StringComparison.Ordinal)
        || route.Path.StartsWith("/detect/", StringComparison.Ordinal) || route.Path.StartsWith("/mitigationactions", StringComparison.Ordinal)
        || route.Path.StartsWith("/custom-metric", StringComparison.Ordinal) || route.Path.StartsWith("/dimensions", StringComparison.Ordinal)
        || route.Path.Contains("violation", StringComparison.Ordinal) || route.Path.StartsWith("/behavior-model", StringComparison.Ordinal);
}
