using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <param name="text">As written, for numbers: printing keeps the notation.</param>
internal sealed class LiteralExpression(SqlValue value, string text) : SqlExpression
{
    public SqlValue Value => value;

    public override SqlValue Evaluate(SqlEvaluation evaluation) => value;

    public override void Print(StringBuilder sql)
    {
        if (value.Kind == SqlKind.String)
            PrintString(sql, value.AsString);
        else
            sql.Append(text);
    }
}
