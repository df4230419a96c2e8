namespace EdgeGateway.Api.Access;

/// <param name="Code">The first-run code that <c>edgegateway status</c> shows.</param>
/// <param name="Name">Of the first administrator.</param>
internal sealed record ClaimRequest(string Code, string Name, string Password);
