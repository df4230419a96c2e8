namespace EdgeGateway.Api;

/// <summary>A stream of rules.</summary>
public sealed record StreamResponse(string Name, int Partitions, double RetentionSeconds, long MaxBytes, long Bytes, long First, long Next, IReadOnlyDictionary<string, long> Consumers);
