namespace EdgeGateway.Rules.Sql;

/// <summary>Aggregates that need the values themselves: at most 10 000 of a window, then the first ones count.</summary>
internal sealed class ListAccumulator(string name) : SqlAccumulator
{
    private const int MaxValues = 10_000;
    private readonly List<SqlValue> _values = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private double _percentile = 50;
    private bool _onlyNew; // deduplicate(x, false): the last value, where it is new in the window
    private bool _isLastNew;

    private bool IsDistinct => name is "deduplicate" or "count_distinct";

    public override void Add(IReadOnlyList<SqlValue> arguments, long time)
    {
        var value = arguments[0];
        if (SqlAnalytics.IsNothing(value) || _values.Count >= MaxValues)
            return;
        if (name is "median" or "percentile" or "percentile_disc" && !value.TryNumber(out _))
            return;
        if (name is "percentile" or "percentile_disc" && arguments[1].TryNumber(out var percentile))
            _percentile = percentile.ToDouble();
        if (name == "deduplicate")
            _onlyNew = !SqlAnalytics.Flag(arguments, 1, ifAbsent: true);
        _isLastNew = !IsDistinct || _seen.Add(SqlJson.ToText(value));
        if (_isLastNew)
            _values.Add(value);
    }

    public override SqlValue Result(long end) => name switch
    {
        "count_distinct" => _values.Count,
        _ when _values.Count == 0 => default,
        "deduplicate" when _onlyNew => _isLastNew ? _values[^1] : default,
        "collect" or "deduplicate" => SqlValue.Array([.. _values]),
        "median" => Continuous(0.5),
        "percentile" => Continuous(Math.Clamp(_percentile, 0, 100) / 100),
        _ => Sorted()[(int)Math.Clamp(Math.Ceiling(Math.Clamp(_percentile, 0, 100) / 100 * _values.Count) - 1, 0, _values.Count - 1)],
    };

    public override SqlValue Save() => SqlAnalytics.Array(ControlFunctions.Double(_percentile), SqlValue.Array([.. _values]), _onlyNew, _isLastNew);

    public override void Load(SqlValue state)
    {
        if (state.Kind != SqlKind.Array || state.AsArray.Count is not (2 or 4))
            return;
        (_onlyNew, _isLastNew) = (state.AsArray.Count == 4 && state.AsArray[2].IsTrue, state.AsArray.Count == 4 && state.AsArray[3].IsTrue);
        _percentile = state.AsArray[0].AsNumber.ToDouble();
        foreach (var value in state.AsArray[1].AsArray)
        {
            _values.Add(value);
            if (IsDistinct)
                _seen.Add(SqlJson.ToText(value));
        }
    }

    // Between the two nearest values by proportion.
    private SqlValue Continuous(double fraction)
    {
        var sorted = Sorted();
        var at = fraction * (sorted.Count - 1);
        var (low, high) = (sorted[(int)Math.Floor(at)], sorted[(int)Math.Ceiling(at)]);
        var share = at - Math.Floor(at);
        return share == 0 ? low : ControlFunctions.Double((Number(low) * (1 - share)) + (Number(high) * share));
    }

    private static double Number(SqlValue value) => value.TryNumber(out var number) ? number.ToDouble() : 0;

    private List<SqlValue> Sorted() => [.. _values.OrderBy(static value => value.TryNumber(out var number) ? number : default)];
}
