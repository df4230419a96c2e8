namespace EdgeGateway.Identity.Policies;

/// <summary>Prefix of an operator that looks at a key with several values.</summary>
public enum ConditionQuantifier
{
    /// <summary>No prefix: true when any value of the key satisfies.</summary>
    None,

    /// <summary><c>ForAllValues:</c>; true for a missing key, the empty set.</summary>
    ForAllValues,

    /// <summary><c>ForAnyValue:</c>; false for a missing key.</summary>
    ForAnyValue,
}
