namespace EdgeGateway.Rules.Tables;

/// <param name="Document">The row as one JSON object, its key columns among the members.</param>
public sealed record TableRow(ReadOnlyMemory<byte> Document);
