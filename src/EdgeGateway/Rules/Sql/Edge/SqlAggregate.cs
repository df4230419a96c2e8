namespace EdgeGateway.Rules.Sql;

/// <param name="Create">A new accumulator of it.</param>
internal sealed record SqlAggregate(string Name, int MinArguments, int MaxArguments, Func<SqlAccumulator> Create);
