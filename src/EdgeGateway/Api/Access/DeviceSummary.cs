namespace EdgeGateway.Api.Access;

/// <summary>A thing with what it proves itself by.</summary>
internal sealed record DeviceSummary(string Name, IReadOnlyList<string> Principals, bool Connected);
