using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// `CASE x WHEN v THEN r … [ELSE r] END`: an Undefined x makes the whole Undefined, ELSE is not used; an Undefined v does
/// not match (AWS guide: SQL operators).
/// </summary>
internal sealed class CaseExpression : SqlExpression
{
    private readonly SqlExpression _subject;
    private readonly IReadOnlyList<(SqlExpression When, SqlExpression Then)> _branches;
    private readonly SqlExpression? _else;

    public CaseExpression(SqlExpression subject, IReadOnlyList<(SqlExpression When, SqlExpression Then)> branches, SqlExpression? @else)
    {
        (_subject, _branches, _else) = (subject, branches, @else);
        Height = HeightOver([subject, @else, .. branches.Select(b => b.When), .. branches.Select(b => b.Then)]);
    }

    public SqlExpression Subject => _subject;

    public IReadOnlyList<(SqlExpression When, SqlExpression Then)> Branches => _branches;

    public SqlExpression? Else => _else;

    public override IReadOnlyList<SqlExpression> Children => [_subject, .. _branches.SelectMany(static branch => (SqlExpression[])[branch.When, branch.Then]), .. _else is null ? (SqlExpression[])[] : [_else]];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var subject = _subject.Evaluate(evaluation);
        if (subject.IsUndefined)
            return default;
        foreach (var (when, then) in _branches)
        {
            if (SqlOperators.Equal(subject, when.Evaluate(evaluation)).IsTrue)
                return then.Evaluate(evaluation);
        }
        return _else?.Evaluate(evaluation) ?? default;
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append("CASE ");
        _subject.Print(sql);
        foreach (var (when, then) in _branches)
        {
            sql.Append(" WHEN ");
            when.Print(sql);
            sql.Append(" THEN ");
            then.Print(sql);
        }
        if (_else is not null)
        {
            sql.Append(" ELSE ");
            _else.Print(sql);
        }
        sql.Append(" END");
    }
}
