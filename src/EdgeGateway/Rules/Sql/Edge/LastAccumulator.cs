namespace EdgeGateway.Rules.Sql;

/// <summary>first_value(x), last_value(x [, ignoreNull = true]).</summary>
internal sealed class LastAccumulator(bool isFirst) : SqlAccumulator
{
    private SqlValue _value;

    public override void Add(IReadOnlyList<SqlValue> arguments, long time)
    {
        var ignoresNull = isFirst || SqlAnalytics.Flag(arguments, 1, ifAbsent: true);
        if ((ignoresNull && SqlAnalytics.IsNothing(arguments[0])) || (isFirst && !_value.IsUndefined))
            return;
        _value = arguments[0];
    }

    public override SqlValue Result(long end) => _value;

    public override SqlValue Save() => _value.IsUndefined ? SqlValue.Array([]) : SqlAnalytics.Array(_value);

    public override void Load(SqlValue state) => _value = state.Kind == SqlKind.Array && state.AsArray.Count == 1 ? state.AsArray[0] : default;
}
