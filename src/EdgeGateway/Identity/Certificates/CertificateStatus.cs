namespace EdgeGateway.Identity.Certificates;

/// <summary>State of a client certificate (auth.md §1). Only <see cref="Active"/> connects; <see cref="Revoked"/> is final.</summary>
public enum CertificateStatus
{
    Active,
    Inactive,
    Revoked,
    PendingTransfer,
    RegisterInactive,
    PendingActivation,
}
