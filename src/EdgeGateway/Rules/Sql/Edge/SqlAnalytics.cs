using System.Collections.Frozen;

namespace EdgeGateway.Rules.Sql;

/// <summary>The stateful functions of `edge-1` by name (docs/rules.md).</summary>
internal static class SqlAnalytics
{
    private const int MaxBack = 1000;
    private const int MaxKeys = 1000;

    private static readonly FrozenDictionary<string, SqlAnalytic> ByName = ((SqlAnalytic[])
    [
        new("lag", 1, 4, Lag),
        new("latest", 1, 2, static (state, a, _) => IsNothing(a[0]) ? (state, state.IsUndefined && a.Count == 2 ? a[1] : state) : (a[0], a[0])),
        new("had_changed", 2, 64, HadChanged),
        new("changed_col", 2, 2, ChangedColumn),
        new("last_hit_count", 0, 0, static (_, _, moment) => (default, moment.Hits)),
        new("last_hit_time", 0, 0, static (_, _, moment) => (default, moment.LastHit is { } time ? time : default(SqlValue))),
        new("keyed_get", 1, 1, static (_, a, moment) => (default, a[0].ToStringOrNull() is { } key ? moment.Memory.Get(key) : default)),
        new("keyed_set", 2, 2, KeyedSet),
        new("changed_cols", 3, 64, ChangedColumns) { IsBehindWhere = true },
        .. ControlFunctions.All,
        .. RunningFunctions.All,
    ]).ToFrozenDictionary(static function => function.Name, StringComparer.OrdinalIgnoreCase);

    public static SqlAnalytic? Find(string name) => ByName.GetValueOrDefault(name);

    public static IEnumerable<string> Names => ByName.Keys;

    internal static bool IsNothing(SqlValue value) => value.Kind is SqlKind.Undefined or SqlKind.Null;

    internal static bool Flag(IReadOnlyList<SqlValue> arguments, int index, bool ifAbsent) =>
        arguments.Count > index && arguments[index].TryBoolean(out var flag) ? flag : ifAbsent;

    internal static SqlValue Array(params List<SqlValue> items) => SqlValue.Array(items);

    // lag(x [, n [, default [, ignoreNull]]]): the value n messages back; the state holds the last n.
    private static (SqlValue, SqlValue) Lag(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        var back = a.Count > 1 && a[1].TryNumber(out var number) ? Math.Clamp(number.ToInt32Clamped(), 1, MaxBack) : 1;
        var before = state.Kind == SqlKind.Array ? state.AsArray : new SqlArray([]);
        var value = before.Count >= back ? before[before.Count - back] : a.Count > 2 ? a[2] : default;
        if (IsNothing(a[0]) && Flag(a, 3, ifAbsent: true))
            return (state, value);
        List<SqlValue> items = [.. before.Skip(Math.Max(0, before.Count - back + 1)), a[0].IsUndefined ? SqlValue.Null : a[0]];
        return (SqlValue.Array(items), value);
    }

    private static (SqlValue, SqlValue) HadChanged(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        var ignoresNull = Flag(a, 0, ifAbsent: true);
        var before = state.Kind == SqlKind.Object ? state.AsObject : null;
        var after = before?.Copy() ?? new SqlObject();
        var changed = before is null;
        for (var i = 1; i < a.Count; i++)
        {
            if (ignoresNull && IsNothing(a[i]))
                continue;
            var name = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var value = a[i].IsUndefined ? SqlValue.Null : a[i];
            changed |= !after.TryGet(name, out var known) || !known.IsSame(value);
            after.Set(name, value);
        }
        return (after, changed);
    }

    private static (SqlValue, SqlValue) ChangedColumn(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (IsNothing(a[1]) && Flag(a, 0, ifAbsent: true))
            return (state, default);
        var value = a[1].IsUndefined ? SqlValue.Null : a[1];
        return state.IsUndefined || !state.IsSame(value) ? (value, value) : (state, default);
    }

    // changed_cols(prefix, ignoreNull, Object): the members that differ from those emitted last, their names behind the prefix.
    private static (SqlValue, SqlValue) ChangedColumns(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (a[2].Kind != SqlKind.Object)
            return (state, new SqlObject());
        var (prefix, ignoresNull) = (a[0].ToStringOrNull() ?? "", Flag(a, 1, ifAbsent: true));
        var known = state.Kind == SqlKind.Object ? state.AsObject.Copy() : new SqlObject();
        var changed = new SqlObject();
        for (var i = 0; i < a[2].AsObject.Count; i++)
        {
            var (name, value) = a[2].AsObject[i];
            if ((ignoresNull && IsNothing(value)) || (known.TryGet(name, out var before) && before.IsSame(value)))
                continue;
            known.Set(name, value);
            changed.Set(prefix + name, value);
        }
        return (known, changed);
    }

    private static (SqlValue, SqlValue) KeyedSet(SqlValue state, IReadOnlyList<SqlValue> a, SqlMoment moment)
    {
        if (a[0].ToStringOrNull() is not { } key || a[1].IsUndefined || (moment.Memory.Count >= MaxKeys && !moment.Memory.TryGet(key, out _)))
            return (default, default);
        moment.Memory.Set(key, a[1]);
        return (default, a[1]);
    }
}
