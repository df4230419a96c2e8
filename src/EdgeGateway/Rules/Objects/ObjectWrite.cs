namespace EdgeGateway.Rules.Objects;

/// <summary>One write that waits for its turn.</summary>
internal sealed record ObjectWrite(string Bucket, string Key, ReadOnlyMemory<byte> Bytes, ObjectSettings Settings, string? SetAsideAs, TaskCompletionSource Done);
