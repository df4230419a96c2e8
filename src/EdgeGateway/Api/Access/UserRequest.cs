namespace EdgeGateway.Api.Access;

/// <param name="Role">administrator, operator or viewer.</param>
internal sealed record UserRequest(string Name, string Password, string? Role);
