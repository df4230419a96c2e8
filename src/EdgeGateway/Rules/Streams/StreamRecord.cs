namespace EdgeGateway.Rules.Streams;

/// <summary>One record of a stream.</summary>
/// <param name="Sequence">Grows with each record; where to go on.</param>
/// <param name="Partition">Of its key; records of one key are in one partition.</param>
public sealed record StreamRecord(long Sequence, string PartitionKey, int Partition, DateTimeOffset At, ReadOnlyMemory<byte> Data);
