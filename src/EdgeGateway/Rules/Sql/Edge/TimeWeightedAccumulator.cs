namespace EdgeGateway.Rules.Sql;

/// <summary>time_weighted_avg(x): each value counts for as long as it stood, the last one until the window ends.</summary>
internal sealed class TimeWeightedAccumulator : SqlAccumulator
{
    private bool _hasAny;
    private double _last;
    private double _area;
    private long _firstTime;
    private long _lastTime;

    public override void Add(IReadOnlyList<SqlValue> arguments, long time)
    {
        if (!arguments[0].TryNumber(out var number))
            return;
        if (_hasAny)
            _area += _last * Math.Max(0, time - _lastTime);
        else
            _firstTime = time;
        (_hasAny, _last, _lastTime) = (true, number.ToDouble(), Math.Max(time, _lastTime));
    }

    public override SqlValue Result(long end)
    {
        if (!_hasAny)
            return default;
        var until = Math.Max(end, _lastTime);
        return until == _firstTime ? ControlFunctions.Double(_last) : ControlFunctions.Double((_area + (_last * (until - _lastTime))) / (until - _firstTime));
    }

    public override SqlValue Save() => SqlAnalytics.Array(_hasAny, ControlFunctions.Double(_last), ControlFunctions.Double(_area), _firstTime, _lastTime);

    public override void Load(SqlValue state)
    {
        if (state.Kind != SqlKind.Array || state.AsArray.Count != 5)
            return;
        var saved = state.AsArray;
        (_hasAny, _last, _area) = (saved[0].IsTrue, saved[1].AsNumber.ToDouble(), saved[2].AsNumber.ToDouble());
        saved[3].AsNumber.TryToInt64(out _firstTime);
        saved[4].AsNumber.TryToInt64(out _lastTime);
    }
}
