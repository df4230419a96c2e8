namespace EdgeGateway.Api.Access;

/// <summary>User name and password of a device or program that cannot do certificates.</summary>
/// <param name="Policy">Attached to the user; null: none.</param>
internal sealed record CredentialRequest(string UserName, string Password, string? Policy);
