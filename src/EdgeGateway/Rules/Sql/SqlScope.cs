namespace EdgeGateway.Rules.Sql;

/// <summary>The current item of a subquery. Names resolve here first, then outward (AWS guide: SQL reference).</summary>
internal sealed record SqlScope(SqlValue Item, string? Alias, SqlScope? Outer);
