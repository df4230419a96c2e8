namespace EdgeGateway.Identity.Certificates;

/// <summary>A CA whose certificates devices bring (AWS guide: CA certificates).</summary>
/// <param name="Mode">DEFAULT (possession of the key was shown) or SNI_ONLY.</param>
/// <param name="AutoRegistration">Unknown certificates of this CA register themselves at their first handshake (AWS guide: Just-in-time registration).</param>
public sealed record CaCertificate(
    string Id, string Pem, bool Active, bool AutoRegistration, string Mode, CaRegistrationConfig? Registration, DateTimeOffset NotBefore, DateTimeOffset NotAfter,
    DateTimeOffset Created, DateTimeOffset Modified, long Version);
