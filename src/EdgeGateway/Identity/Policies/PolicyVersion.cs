namespace EdgeGateway.Identity.Policies;

/// <summary>One version of a policy.</summary>
/// <param name="Document">Byte for byte as given.</param>
/// <param name="Warnings">Set when just created: legal but likely not meant.</param>
public sealed record PolicyVersion(string PolicyName, long Version, string Document, bool IsDefault, DateTimeOffset Created, IReadOnlyList<string> Warnings);
