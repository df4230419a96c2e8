namespace EdgeGateway.Api.Access;

/// <param name="Status">ACTIVE, INACTIVE or REVOKED.</param>
internal sealed record StatusRequest(string Status);
