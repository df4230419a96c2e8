namespace EdgeGateway.Rules.Sql;

/// <summary>Stateful functions that answer true or false: when a value is worth passing on.</summary>
internal static class ControlFunctions
{
    public static readonly SqlAnalytic[] All =
    [
        new("deadband", 2, 4, Deadband),
        new("throttle", 1, 2, Throttle) { HoldsUntil = ThrottleHolds, Spoken = static (_, due) => due },
        new("debounce", 2, 2, Debounce),
        new("hysteresis", 3, 3, Hysteresis),
        new("swinging_door", 2, 2, SwingingDoor),
        // For a message it is false; the run makes it true when the time is over without one.
        new("stale", 1, 1, static (state, _, _) => (state, false), TimedBy: 0),
    ];

    // deadband(x, abs [, pct [, maxAgeMs]]): the band is the wider of both; the state is what was passed last, and when.
    private static (SqlValue, SqlValue) Deadband(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (!a[0].TryNumber(out var value) || !a[1].TryNumber(out var absolute))
            return (state, default);
        var passes = true;
        if (state.Kind == SqlKind.Object && state.AsObject.Get("v").TryNumber(out var last))
        {
            var (moved, band) = (Math.Abs(value.ToDouble() - last.ToDouble()), absolute.ToDouble());
            if (a.Count > 2 && a[2].TryNumber(out var percent))
                band = Math.Max(band, Math.Abs(last.ToDouble()) * percent.ToDouble() / 100);
            passes = moved > band || (a.Count > 3 && a[3].TryNumber(out var age) && moment.Time - Time(state.AsObject) >= age.ToDouble());
        }
        return passes ? (Object(("v", a[0]), ("t", moment.Time)), true) : (state, false);
    }

    private static (SqlValue, SqlValue) Throttle(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (!a[0].TryNumber(out var period))
            return (state, default);
        var passes = !state.TryNumber(out var last) || moment.Time - last.ToDouble() >= period.ToDouble();
        return passes ? (moment.Time, true) : (state, false);
    }

    // throttle(ms, 'latest') also gives the newest of those held back, when their period ends; the next period begins there.
    private static long? ThrottleHolds(SqlValue state, IReadOnlyList<SqlValue> a) =>
        a.Count == 2 && a[1].Kind == SqlKind.String && a[1].AsString == "latest" && a[0].TryNumber(out var period) && state.TryNumber(out var last) ? (long)(last.ToDouble() + period.ToDouble()) : null;

    // The state is since when the condition holds.
    private static (SqlValue, SqlValue) Debounce(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (!a[0].TryBoolean(out var holds) || !holds || !a[1].TryNumber(out var period))
            return (default, false);
        var since = state.TryNumber(out var start) ? (long)start.ToDouble() : moment.Time;
        return (since, moment.Time - since >= period.ToDouble());
    }

    private static (SqlValue, SqlValue) Hysteresis(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (!a[0].TryNumber(out var value) || !a[1].TryNumber(out var on) || !a[2].TryNumber(out var off))
            return (state, state);
        var isOn = state.IsTrue ? value.CompareTo(off) >= 0 : value.CompareTo(on) > 0;
        return (isOn, isOn);
    }

    // True when x leaves the corridor that the messages since the last passed one leave open (±dev around each).
    private static (SqlValue, SqlValue) SwingingDoor(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (!a[0].TryNumber(out var number) || !a[1].TryNumber(out var deviation))
            return (state, default);
        var (x, dev) = (number.ToDouble(), deviation.ToDouble());
        if (state.Kind != SqlKind.Object)
            return (Anchor(x, moment.Time), true);
        var door = state.AsObject;
        var elapsed = moment.Time - Time(door);
        if (elapsed <= 0)
            return (state, false);
        var anchor = Number(door, "v", 0);
        var upper = Math.Min(Number(door, "u", double.MaxValue), (x + dev - anchor) / elapsed);
        var lower = Math.Max(Number(door, "l", double.MinValue), (x - dev - anchor) / elapsed);
        if (lower > upper)
            return (Anchor(x, moment.Time), true);
        return (Object(("v", door.Get("v")), ("t", door.Get("t")), ("u", Double(upper)), ("l", Double(lower))), false);
    }

    internal static SqlValue Object(params ReadOnlySpan<(string Name, SqlValue Value)> members)
    {
        var result = new SqlObject(members.Length);
        foreach (var (name, value) in members)
            result.Set(name, value);
        return result;
    }

    internal static SqlValue Double(double value) => SqlValue.Double(value, SqlVersion.Edge1);

    internal static double Number(SqlObject state, string name, double ifAbsent) => state.Get(name).TryNumber(out var number) ? number.ToDouble() : ifAbsent;

    internal static long Time(SqlObject state) => (long)Number(state, "t", 0);

    private static SqlValue Anchor(double value, long time) => Object(("v", Double(value)), ("t", time));
}
