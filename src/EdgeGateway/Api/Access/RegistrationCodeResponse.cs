namespace EdgeGateway.Api.Access;

/// <param name="Code">Common name of the certificate by which an owner proves that the CA's key is his.</param>
internal sealed record RegistrationCodeResponse(string Code);
