namespace EdgeGateway.Jobs.Streams;

/// <summary>Files that devices get by blocks over MQTT.</summary>
/// <param name="Id">1 to 128 of letters, digits, '_' and '-'.</param>
/// <param name="Files">1 to 50.</param>
/// <param name="Version">1 at creation, one more with each update.</param>
/// <param name="CreatedAt">Unix time in milliseconds, as is <paramref name="UpdatedAt"/>.</param>
public sealed record FileStream(string Id, string? Description, IReadOnlyList<StreamFile> Files, string RoleArn, long Version, long CreatedAt, long UpdatedAt);
