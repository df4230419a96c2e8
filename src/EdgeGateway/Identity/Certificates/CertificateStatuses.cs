namespace EdgeGateway.Identity.Certificates;

/// <summary>The statuses as the API spells them, and which change may be asked for.</summary>
public static class CertificateStatuses
{
    public static string ToWire(this CertificateStatus status) => status switch
    {
        CertificateStatus.Active => "ACTIVE",
        CertificateStatus.Inactive => "INACTIVE",
        CertificateStatus.Revoked => "REVOKED",
        CertificateStatus.PendingTransfer => "PENDING_TRANSFER",
        CertificateStatus.RegisterInactive => "REGISTER_INACTIVE",
        CertificateStatus.PendingActivation => "PENDING_ACTIVATION",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static bool TryParse(string? text, out CertificateStatus status)
    {
        foreach (var candidate in Enum.GetValues<CertificateStatus>())
        {
            if (string.Equals(candidate.ToWire(), text, StringComparison.OrdinalIgnoreCase))
            {
                status = candidate;
                return true;
            }
        }
        status = default;
        return false;
    }

    /// <summary>Which change is allowed (AWS guide: Client certificates); asking for the status it has already is no change and allowed.</summary>
    public static bool MayBecome(this CertificateStatus from, CertificateStatus to) => (from, to) switch
    {
        (CertificateStatus.Revoked, _) => to == CertificateStatus.Revoked,
        (CertificateStatus.PendingTransfer, _) => false,             // ends by accept, reject or cancel only
        (_, CertificateStatus.Active or CertificateStatus.Inactive or CertificateStatus.Revoked) => true,
        _ => false,                                                  // PENDING_ACTIVATION, PENDING_TRANSFER and REGISTER_INACTIVE cannot be asked for
    };
}
