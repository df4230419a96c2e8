namespace EdgeGateway.Rules.Sql;

/// <summary>Stateful functions that reckon over the rule's life.</summary>
internal static class RunningFunctions
{
    public static readonly SqlAnalytic[] All =
    [
        new("acc_sum", 1, 3, static (state, a, _) => Accumulate(state, a, "s")),
        new("acc_avg", 1, 3, static (state, a, _) => Accumulate(state, a, "a")),
        new("acc_min", 1, 3, static (state, a, _) => Accumulate(state, a, "l")),
        new("acc_max", 1, 3, static (state, a, _) => Accumulate(state, a, "h")),
        new("acc_count", 1, 3, static (state, a, _) => Accumulate(state, a, "n")),
        new("derivative", 1, 2, Derivative),
        new("integral", 1, 1, Integral),
    ];

    // f(x [, start, reset]): with start it counts from the message that meets it on; reset forgets all.
    private static (SqlValue, SqlValue) Accumulate(SqlValue state, IReadOnlyList<SqlValue> a, string wanted)
    {
        var sums = state.Kind == SqlKind.Object ? state.AsObject : null;
        if (a.Count == 3 && SqlAnalytics.Flag(a, 2, ifAbsent: false))
            return (default, default);
        if (sums is null && a.Count > 1 && !SqlAnalytics.Flag(a, 1, ifAbsent: false))
            return (default, default);
        if (!a[0].TryNumber(out var value) && !(wanted == "n" && !SqlAnalytics.IsNothing(a[0])))
            return (state, sums is null ? default : Read(sums, wanted));
        var next = new SqlObject(4);
        next.Set("n", sums is not null && sums.Get("n").TryNumber(out var count) ? Sum(count, new SqlNumber(1)) : 1);
        next.Set("s", sums is not null && sums.Get("s").TryNumber(out var sum) ? Sum(sum, value) : Exact(value));
        next.Set("l", sums is not null && sums.Get("l").TryNumber(out var least) && least.CompareTo(value) <= 0 ? Exact(least) : Exact(value));
        next.Set("h", sums is not null && sums.Get("h").TryNumber(out var most) && most.CompareTo(value) >= 0 ? Exact(most) : Exact(value));
        return (next, Read(next, wanted));
    }

    private static SqlValue Read(SqlObject sums, string wanted) => wanted == "a"
        ? SqlOperators.Divide(sums.Get("s"), sums.Get("n"), SqlVersion.Edge1, truncate: false)
        : sums.Get(wanted);

    private static SqlValue Exact(SqlNumber number) => SqlValue.Decimal(number, SqlVersion.Edge1);

    private static SqlValue Sum(SqlNumber a, SqlNumber b) => SqlValue.Decimal(SqlNumber.Add(a, b), SqlVersion.Edge1);

    // derivative(x [, unitMs]): change per unit, a second if absent, by the time of the messages.
    private static (SqlValue, SqlValue) Derivative(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (!a[0].TryNumber(out var value))
            return (state, default);
        var next = ControlFunctions.Object(("v", a[0]), ("t", moment.Time));
        if (state.Kind != SqlKind.Object)
            return (next, default);
        var unit = a.Count > 1 && a[1].TryNumber(out var given) ? given.ToDouble() : 1000;
        var elapsed = moment.Time - ControlFunctions.Time(state.AsObject);
        return elapsed <= 0
            ? (state, default)
            : (next, ControlFunctions.Double((value.ToDouble() - ControlFunctions.Number(state.AsObject, "v", 0)) / elapsed * unit));
    }

    // Trapezoids, in x times seconds.
    private static (SqlValue, SqlValue) Integral(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (!a[0].TryNumber(out var value))
            return (state, state.Kind == SqlKind.Object ? state.AsObject.Get("a") : default);
        var area = 0d;
        if (state.Kind == SqlKind.Object)
        {
            var before = state.AsObject;
            var seconds = Math.Max(0, moment.Time - ControlFunctions.Time(before)) / 1000d;
            area = ControlFunctions.Number(before, "a", 0) + ((value.ToDouble() + ControlFunctions.Number(before, "v", 0)) / 2 * seconds);
        }
        var sum = ControlFunctions.Double(area);
        return (ControlFunctions.Object(("v", a[0]), ("t", moment.Time), ("a", sum)), sum);
    }
}
