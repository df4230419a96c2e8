namespace EdgeGateway.Identity.Certificates;

/// <summary>State of a client certificate (AWS guide: Client certificates). Only <see cref="Active"/> connects; <see cref="Revoked"/> is final.</summary>
public enum CertificateStatus
{
    Active,
    Inactive,
    Revoked,
    PendingTransfer,
    RegisterInactive,
    PendingActivation,
}
