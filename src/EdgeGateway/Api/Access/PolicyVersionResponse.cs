namespace EdgeGateway.Api.Access;

internal sealed record PolicyVersionResponse(string Policy, string Version, bool IsDefault, DateTimeOffset Created, string Document, IReadOnlyList<string>? Warnings);
