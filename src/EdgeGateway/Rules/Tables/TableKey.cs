namespace EdgeGateway.Rules.Tables;

/// <summary>A key column.</summary>
public sealed record TableKey(string Name, TableKeyType Type);
