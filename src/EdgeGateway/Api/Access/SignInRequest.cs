namespace EdgeGateway.Api.Access;

internal sealed record SignInRequest(string Name, string Password);
