namespace EdgeGateway.Identity.Certificates;

/// <summary>RegisterCACertificate's request.</summary>
/// <param name="VerificationPem">Signed by the CA, with the registration code as subject CN; needed in mode DEFAULT.</param>
public sealed record CaRegistration(
    string CaPem, string? VerificationPem, bool SetAsActive, bool AllowAutoRegistration, string Mode, CaRegistrationConfig? Registration);
