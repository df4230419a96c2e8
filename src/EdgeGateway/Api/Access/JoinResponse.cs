namespace EdgeGateway.Api.Access;

/// <param name="Until">Null: nobody may join.</param>
/// <param name="Files">Of a new claim; empty otherwise.</param>
internal sealed record JoinResponse(DateTimeOffset? Until, string Template, string? ClaimCertificateId, string Host, int Port, IReadOnlyList<DeviceFile> Files);
