namespace EdgeGateway.Identity.Policies;

/// <summary>One key of one operator block: <c>"StringEquals": { "iot:ClientId": ["a", "b"] }</c>.</summary>
/// <param name="Values">Alternatives; may be empty (<c>ForAllValues</c> over an empty list allows only the empty set).</param>
public sealed record PolicyCondition(ConditionOperator Operator, string Key, IReadOnlyList<PolicyPattern> Values);
