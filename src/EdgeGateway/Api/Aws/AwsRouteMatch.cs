namespace EdgeGateway.Api.Aws;

/// <summary>What is at a path.</summary>
/// <param name="Routes">Empty when the path is known but not with that method; several where services share it.</param>
/// <param name="Labels">Decoded, by name.</param>
internal sealed record AwsRouteMatch(IReadOnlyList<AwsRoute> Routes, IReadOnlyDictionary<string, string> Labels);
