namespace EdgeGateway.Api.Access;

/// <summary>A CA to register; it is ACTIVE at once.</summary>
/// <param name="VerificationPem">Signed by the CA with the registration code as common name; absent: mode SNI_ONLY.</param>
/// <param name="Template">JITP template that its certificates go through at their first connect.</param>
internal sealed record CaRequest(string Pem, string? VerificationPem, bool AutoRegistration, string? Template);
