namespace EdgeGateway.Api.Access;

/// <param name="Document">The policy document, kept byte for byte.</param>
internal sealed record PolicyRequest(string Name, string Document);
