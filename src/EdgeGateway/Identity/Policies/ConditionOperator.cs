namespace EdgeGateway.Identity.Policies;

/// <summary>A condition operator taken apart: <c>ForAnyValue:StringNotLikeIfExists</c> is all four.</summary>
/// <param name="Name">As written, for messages.</param>
public readonly record struct ConditionOperator(
    string Name, ConditionComparison Comparison, bool Negated, bool IfExists, ConditionQuantifier Quantifier)
{
    private static readonly Dictionary<string, (ConditionComparison Comparison, bool Negated)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["StringEquals"] = (ConditionComparison.StringEquals, false),
        ["StringNotEquals"] = (ConditionComparison.StringEquals, true),
        ["StringEqualsIgnoreCase"] = (ConditionComparison.StringEqualsIgnoreCase, false),
        ["StringNotEqualsIgnoreCase"] = (ConditionComparison.StringEqualsIgnoreCase, true),
        ["StringLike"] = (ConditionComparison.StringLike, false),
        ["StringNotLike"] = (ConditionComparison.StringLike, true),
        ["NumericEquals"] = (ConditionComparison.NumericEquals, false),
        ["NumericNotEquals"] = (ConditionComparison.NumericEquals, true),
        ["NumericLessThan"] = (ConditionComparison.NumericLessThan, false),
        ["NumericLessThanEquals"] = (ConditionComparison.NumericLessThanEquals, false),
        ["NumericGreaterThan"] = (ConditionComparison.NumericGreaterThan, false),
        ["NumericGreaterThanEquals"] = (ConditionComparison.NumericGreaterThanEquals, false),
        ["DateEquals"] = (ConditionComparison.DateEquals, false),
        ["DateNotEquals"] = (ConditionComparison.DateEquals, true),
        ["DateLessThan"] = (ConditionComparison.DateLessThan, false),
        ["DateLessThanEquals"] = (ConditionComparison.DateLessThanEquals, false),
        ["DateGreaterThan"] = (ConditionComparison.DateGreaterThan, false),
        ["DateGreaterThanEquals"] = (ConditionComparison.DateGreaterThanEquals, false),
        ["Bool"] = (ConditionComparison.Bool, false),
        ["BinaryEquals"] = (ConditionComparison.BinaryEquals, false),
        ["IpAddress"] = (ConditionComparison.IpAddress, false),
        ["NotIpAddress"] = (ConditionComparison.IpAddress, true),
        ["ArnEquals"] = (ConditionComparison.ArnLike, false),       // takes patterns just as ArnLike does (AWS guide: IoT policies)
        ["ArnNotEquals"] = (ConditionComparison.ArnLike, true),
        ["ArnLike"] = (ConditionComparison.ArnLike, false),
        ["ArnNotLike"] = (ConditionComparison.ArnLike, true),
        ["Null"] = (ConditionComparison.Null, false),
    };

    /// <summary>False for an operator the language does not have.</summary>
    public static bool TryParse(string name, out ConditionOperator result)
    {
        var rest = name.AsSpan();
        var quantifier = TakePrefix(ref rest);
        var ifExists = rest.EndsWith("IfExists", StringComparison.OrdinalIgnoreCase);
        if (ifExists)
            rest = rest[..^"IfExists".Length];
        var found = Known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(rest, out var known)
            && !(known.Comparison == ConditionComparison.Null && (ifExists || quantifier != ConditionQuantifier.None));
        result = found ? new(name, known.Comparison, known.Negated, ifExists, quantifier) : default;
        return found;
    }

    private static ConditionQuantifier TakePrefix(ref ReadOnlySpan<char> name)
    {
        const string all = "ForAllValues:", any = "ForAnyValue:";
        if (name.StartsWith(all, StringComparison.OrdinalIgnoreCase))
        {
            name = name[all.Length..];
            return ConditionQuantifier.ForAllValues;
        }
        if (name.StartsWith(any, StringComparison.OrdinalIgnoreCase))
        {
            name = name[any.Length..];
            return ConditionQuantifier.ForAnyValue;
        }
        return ConditionQuantifier.None;
    }
}
