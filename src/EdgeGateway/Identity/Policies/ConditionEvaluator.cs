using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;

namespace EdgeGateway.Identity.Policies;

/// <summary>Evaluates one condition in a context. A connection's context never changes, so this runs when its policies are compiled, not per packet.</summary>
internal static class ConditionEvaluator
{
    public static bool Holds(PolicyCondition condition, PolicyContext context)
    {
        var (comparison, negated, quantifier) = (condition.Operator.Comparison, condition.Operator.Negated, condition.Operator.Quantifier);
        var actual = context.Values(condition.Key);
        if (comparison == ConditionComparison.Null)
            return condition.Values.Any(value => bool.TryParse(value.BindText(context), out var wanted) && wanted == (actual.Count == 0));
        if (actual.Count == 0)
            return condition.Operator.IfExists || quantifier == ConditionQuantifier.ForAllValues || (negated && quantifier == ConditionQuantifier.None);
        return quantifier switch
        {
            ConditionQuantifier.ForAllValues => actual.All(Satisfies),
            ConditionQuantifier.ForAnyValue => actual.Any(Satisfies),
            _ => actual.Any(Equal) != negated,
        };

        bool Equal(string value) => condition.Values.Any(wanted => Compare(comparison, value, wanted, context));

        bool Satisfies(string value) => Equal(value) != negated;
    }

    /// <summary>Can this stand in a policy as a value of that comparison?</summary>
    public static bool IsValue(ConditionComparison comparison, string text) => comparison switch
    {
        >= ConditionComparison.NumericEquals and <= ConditionComparison.NumericGreaterThanEquals => TryNumber(text, out _),
        >= ConditionComparison.DateEquals and <= ConditionComparison.DateGreaterThanEquals => TryDate(text, out _),
        ConditionComparison.Bool or ConditionComparison.Null => bool.TryParse(text, out _),
        ConditionComparison.BinaryEquals => Base64.IsValid(text),
        ConditionComparison.IpAddress => AddressRange.TryParse(text, out _),
        ConditionComparison.ArnLike => text == "*" || PolicySyntax.IsResource(text),
        _ => true,
    };

    private static bool Compare(ConditionComparison comparison, string actual, PolicyPattern wanted, PolicyContext context)
    {
        if (comparison is ConditionComparison.StringLike or ConditionComparison.ArnLike)
            return wanted.Bind(context).Matches(actual);
        var text = wanted.BindText(context);
        return comparison switch
        {
            ConditionComparison.StringEquals => actual.Equals(text, StringComparison.Ordinal),
            ConditionComparison.StringEqualsIgnoreCase => actual.Equals(text, StringComparison.OrdinalIgnoreCase),
            ConditionComparison.Bool => bool.TryParse(actual, out var left) && bool.TryParse(text, out var right) && left == right,
            ConditionComparison.BinaryEquals => BinaryEquals(actual, text),
            ConditionComparison.IpAddress => AddressRange.TryParse(text, out var range) && IPAddress.TryParse(actual, out var address) && range.Contains(address),
            >= ConditionComparison.NumericEquals and <= ConditionComparison.NumericGreaterThanEquals =>
                TryNumber(actual, out var a) && TryNumber(text, out var b) && Ordered(comparison - ConditionComparison.NumericEquals, a.CompareTo(b)),
            _ => TryDate(actual, out var c) && TryDate(text, out var d) && Ordered(comparison - ConditionComparison.DateEquals, c.CompareTo(d)),
        };
    }

    private static bool BinaryEquals(string actual, string base64) =>
        Base64.IsValid(base64) && Convert.FromBase64String(base64).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(actual));

    /// <param name="relation">Position in the enumeration after the Equals of its kind: equals, &lt;, ≤, &gt;, ≥.</param>
    private static bool Ordered(int relation, int sign) => relation switch
    {
        0 => sign == 0,
        1 => sign < 0,
        2 => sign <= 0,
        3 => sign > 0,
        _ => sign >= 0,
    };

    private static bool TryNumber(string text, out decimal number) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>ISO 8601, or seconds since 1970.</summary>
    private static bool TryDate(string text, out DateTimeOffset date)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is >= -62135596800 and <= 253402300799)
        {
            date = DateTimeOffset.FromUnixTimeSeconds(seconds);
            return true;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
    }
}
