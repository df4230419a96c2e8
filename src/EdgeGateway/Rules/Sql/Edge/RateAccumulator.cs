namespace EdgeGateway.Rules.Sql;

/// <summary>rate(x): growth of a counter per second between the first and the last message; a step down is a counter that began anew.</summary>
internal sealed class RateAccumulator : SqlAccumulator
{
    private bool _hasAny;
    private double _last;
    private double _grown;
    private long _firstTime;
    private long _lastTime;

    public override void Add(IReadOnlyList<SqlValue> arguments, long time)
    {
        if (!arguments[0].TryNumber(out var number))
            return;
        var value = number.ToDouble();
        if (_hasAny)
            _grown += value >= _last ? value - _last : value;
        else
            _firstTime = time;
        (_hasAny, _last, _lastTime) = (true, value, time);
    }

    public override SqlValue Result(long end) => _hasAny && _lastTime > _firstTime ? ControlFunctions.Double(_grown * 1000 / (_lastTime - _firstTime)) : default;

    public override SqlValue Save() => SqlAnalytics.Array(_hasAny, ControlFunctions.Double(_last), ControlFunctions.Double(_grown), _firstTime, _lastTime);

    public override void Load(SqlValue state)
    {
        if (state.Kind != SqlKind.Array || state.AsArray.Count != 5)
            return;
        var saved = state.AsArray;
        (_hasAny, _last, _grown) = (saved[0].IsTrue, saved[1].AsNumber.ToDouble(), saved[2].AsNumber.ToDouble());
        saved[3].AsNumber.TryToInt64(out _firstTime);
        saved[4].AsNumber.TryToInt64(out _lastTime);
    }
}
