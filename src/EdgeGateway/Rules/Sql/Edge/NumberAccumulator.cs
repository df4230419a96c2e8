namespace EdgeGateway.Rules.Sql;

/// <summary>count, sum, avg, min, max exactly; variance and standard deviation by Welford's method in doubles. Holds no messages.</summary>
internal sealed class NumberAccumulator(string name) : SqlAccumulator
{
    private long _count;
    private SqlNumber _sum;
    private SqlNumber _least;
    private SqlNumber _most;
    private double _mean;
    private double _squares;

    public override void Add(IReadOnlyList<SqlValue> arguments, long time)
    {
        if (SqlAnalytics.IsNothing(arguments[0]))
            return;
        if (!arguments[0].TryNumber(out var value))
        {
            if (name == "count")
                _count++;
            return;
        }
        _count++;
        _sum = SqlNumber.Add(_sum, value) ?? _sum;
        _least = _count == 1 || value.CompareTo(_least) < 0 ? value : _least;
        _most = _count == 1 || value.CompareTo(_most) > 0 ? value : _most;
        var distance = value.ToDouble() - _mean;
        _mean += distance / _count;
        _squares += distance * (value.ToDouble() - _mean);
    }

    public override SqlValue Result(long end)
    {
        if (name == "count")
            return _count;
        if (_count == 0)
            return default;
        return name switch
        {
            "sum" => Exact(_sum),
            "avg" => SqlOperators.Divide(Exact(_sum), _count, SqlVersion.Edge1, truncate: false),
            "min" => Exact(_least),
            "max" => Exact(_most),
            "var" => ControlFunctions.Double(_squares / _count),
            "stddev" => ControlFunctions.Double(Math.Sqrt(_squares / _count)),
            "vars" => _count < 2 ? default : ControlFunctions.Double(_squares / (_count - 1)),
            _ => _count < 2 ? default : ControlFunctions.Double(Math.Sqrt(_squares / (_count - 1))),
        };
    }

    public override SqlValue Save() => SqlAnalytics.Array(_count, Exact(_sum), Exact(_least), Exact(_most), ControlFunctions.Double(_mean), ControlFunctions.Double(_squares));

    public override void Load(SqlValue state)
    {
        if (state.Kind != SqlKind.Array || state.AsArray.Count != 6)
            return;
        var saved = state.AsArray;
        saved[0].AsNumber.TryToInt64(out _count);
        (_sum, _least, _most) = (saved[1].AsNumber, saved[2].AsNumber, saved[3].AsNumber);
        (_mean, _squares) = (saved[4].AsNumber.ToDouble(), saved[5].AsNumber.ToDouble());
    }

    private static SqlValue Exact(SqlNumber number) => SqlValue.Decimal(number, SqlVersion.Edge1);
}
