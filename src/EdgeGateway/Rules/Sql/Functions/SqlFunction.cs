namespace EdgeGateway.Rules.Sql;

/// <summary>What a function does with its evaluated arguments, whose count has been checked.</summary>
internal delegate SqlValue SqlFunctionBody(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments);

/// <param name="Since2016">Not part of 2015-10-08.</param>
internal sealed record SqlFunction(string Name, bool Since2016, int MinArguments, int MaxArguments, SqlFunctionBody Body);
