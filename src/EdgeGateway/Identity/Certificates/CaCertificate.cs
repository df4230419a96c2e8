namespace EdgeGateway.Identity.Certificates;

/// <summary>A CA whose certificates devices bring (auth.md §2).</summary>
/// <param name="Mode">DEFAULT (possession of the key was shown) or SNI_ONLY.</param>
/// <param name="AutoRegistration">Unknown certificates of this CA register themselves at their first handshake (auth.md §3).</param>
public sealed record CaCertificate(
    string Id, string Pem, bool Active, bool AutoRegistration, string Mode, CaRegistrationConfig? Registration, DateTimeOffset NotBefore, DateTimeOffset NotAfter,
    DateTimeOffset Created, DateTimeOffset Modified, long Version);
