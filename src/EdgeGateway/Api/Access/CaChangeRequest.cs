namespace EdgeGateway.Api.Access;

/// <summary>Null leaves a thing as it is.</summary>
internal sealed record CaChangeRequest(bool? Active, bool? AutoRegistration);
