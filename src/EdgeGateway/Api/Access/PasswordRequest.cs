namespace EdgeGateway.Api.Access;

internal sealed record PasswordRequest(string Password);
