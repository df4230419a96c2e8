namespace EdgeGateway.Api.Access;

internal sealed record PolicyVersionRequest(string Document, bool SetAsDefault);
