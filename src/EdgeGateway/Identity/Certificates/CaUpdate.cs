namespace EdgeGateway.Identity.Certificates;

/// <summary>UpdateCACertificate's request; null leaves a thing as it is.</summary>
public sealed record CaUpdate(bool? Active, bool? AutoRegistration, CaRegistrationConfig? Registration, bool RemoveRegistration);
