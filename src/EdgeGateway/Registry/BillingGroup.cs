namespace EdgeGateway.Registry;

/// <summary>A billing group: a label a thing carries at most one of.</summary>
/// <param name="Name">As for things.</param>
/// <param name="Id">Lower-case UUID.</param>
/// <param name="Description">Up to 2028 printable characters.</param>
/// <param name="Version">1 at creation, one more with each update.</param>
/// <param name="CreatedAt">Unix time in milliseconds.</param>
public sealed record BillingGroup(string Name, string Id, string? Description, long Version, long CreatedAt) : INamed;
