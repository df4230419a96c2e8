namespace EdgeGateway.Rules.Sql;

/// <summary>merge_agg(x): the members of all Objects in one; of a name the last value counts.</summary>
internal sealed class MergeAccumulator : SqlAccumulator
{
    private SqlObject? _merged;

    public override void Add(IReadOnlyList<SqlValue> arguments, long time)
    {
        if (arguments[0].Kind != SqlKind.Object)
            return;
        _merged ??= new SqlObject();
        for (var i = 0; i < arguments[0].AsObject.Count; i++)
            _merged.Set(arguments[0].AsObject[i].Key, arguments[0].AsObject[i].Value);
    }

    public override SqlValue Result(long end) => _merged is null ? default(SqlValue) : _merged.Copy();

    public override SqlValue Save() => _merged is null ? SqlValue.Null : _merged.Copy();

    public override void Load(SqlValue state) => _merged = state.Kind == SqlKind.Object ? state.AsObject.Copy() : null;
}
