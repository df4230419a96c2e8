namespace EdgeGateway.Rules.Sql;

/// <param name="WhyNot">The part of WHERE that was not true, with the values in it; null where the statement matched or failed.</param>
/// <param name="Notes">What is left out of the outgoing payload, and why.</param>
internal sealed record SqlExplained(SqlResult Result, string? WhyNot, IReadOnlyList<string> Notes);
