using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// A nested query (AWS guide: SQL reference): over an Array one result per item that passes WHERE, collected; over an Object one result,
/// not wrapped; over anything else Undefined.
/// </summary>
internal sealed class SubqueryExpression : SqlExpression
{
    private readonly SqlSelection _selection;
    private readonly SqlExpression _source;
    private readonly string? _alias;
    private readonly SqlExpression? _where;

    public SubqueryExpression(SqlSelection selection, SqlExpression source, string? alias, SqlExpression? where)
    {
        (_selection, _source, _alias, _where) = (selection, source, alias, where);
        Height = HeightOver([source, where, .. selection.Items.Select(item => item.Expression)]);
    }

    public SqlExpression Source => _source;

    public override IReadOnlyList<SqlExpression> Children => [_source, .. _where is null ? (SqlExpression[])[] : [_where], .. _selection.Items.Select(static item => item.Expression)];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var source = _source.Evaluate(evaluation);
        if (source.Kind == SqlKind.Object)
            return Passes(evaluation, source) ? Select(evaluation, source) : SqlValue.Array([]);
        if (source.Kind != SqlKind.Array)
            return default;
        var results = new List<SqlValue>();
        foreach (var item in source.AsArray)
        {
            if (!evaluation.TryStep())
                return default;
            if (!Passes(evaluation, item))
                continue;
            var result = Select(evaluation, item);
            if (!result.IsUndefined)
                results.Add(result);
        }
        return evaluation.Hold(SqlValue.Array(results));
    }

    public SqlValue HasAny(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var source = _source.Evaluate(evaluation);
        if (source.Kind == SqlKind.Object)
            return Passes(evaluation, source);
        if (source.Kind != SqlKind.Array)
            return false;
        foreach (var item in source.AsArray)
        {
            if (!evaluation.TryStep())
                return default;
            if (Passes(evaluation, item))
                return true;
        }
        return false;
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append('(');
        _selection.Print(sql);
        sql.Append(" FROM ");
        _source.Print(sql);
        if (_alias is not null)
            sql.Append(" AS ").Append(_alias);
        if (_where is not null)
        {
            sql.Append(" WHERE ");
            _where.Print(sql);
        }
        sql.Append(')');
    }

    private bool Passes(SqlEvaluation evaluation, SqlValue item) =>
        _where is null || (Within(evaluation, item, _where.Evaluate).TryBoolean(out var passes) && passes);

    private SqlValue Select(SqlEvaluation evaluation, SqlValue item) => Within(evaluation, item, _selection.EvaluateOverItem);

    private SqlValue Within(SqlEvaluation evaluation, SqlValue item, Func<SqlEvaluation, SqlValue> evaluate)
    {
        var outer = evaluation.Scope;
        evaluation.Scope = new SqlScope(item, _alias, outer);
        try
        {
            return evaluate(evaluation);
        }
        finally
        {
            evaluation.Scope = outer;
        }
    }
}
