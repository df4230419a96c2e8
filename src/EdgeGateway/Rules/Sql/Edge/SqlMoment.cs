namespace EdgeGateway.Rules.Sql;

/// <summary>What a stateful function knows beside its arguments.</summary>
/// <param name="Time">Of the message, Unix milliseconds.</param>
/// <param name="Hits">How often the rule has fired.</param>
/// <param name="LastHit">When it fired last, Unix milliseconds; null: never.</param>
/// <param name="Memory">The rule's own small memory, for `keyed_get` and `keyed_set`.</param>
internal sealed record SqlMoment(long Time, long Hits, long? LastHit, SqlObject Memory);
