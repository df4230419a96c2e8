using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>A member of a computed value: `get(…).v`, `(SELECT …).v`, `@o.id`.</summary>
internal sealed class MemberExpression : SqlExpression
{
    private readonly SqlExpression _target;

    public MemberExpression(SqlExpression target, string name)
    {
        (_target, Name) = (target, name);
        Height = HeightOver(target);
    }

    public SqlExpression Target => _target;

    public string Name { get; }

    public override IReadOnlyList<SqlExpression> Children => [_target];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        var target = _target.Evaluate(evaluation);
        return target.Kind == SqlKind.Object ? target.AsObject.Get(Name) : default;
    }

    public override void Print(StringBuilder sql)
    {
        _target.Print(sql);
        sql.Append('.').Append(SqlLexer.QuotedMember(Name));
    }
}
