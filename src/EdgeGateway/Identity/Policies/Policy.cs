namespace EdgeGateway.Identity.Policies;

/// <summary>A named policy without its documents.</summary>
/// <param name="Generation">Changes with every change of it.</param>
public sealed record Policy(string Name, long DefaultVersion, DateTimeOffset Created, DateTimeOffset Modified, string Generation);
