using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`@name`, assigned by SET.</summary>
internal sealed class VariableExpression(string name) : SqlExpression
{
    public string Name => name;

    public override SqlValue Evaluate(SqlEvaluation evaluation) => evaluation.Variable(name);

    public override void Print(StringBuilder sql) => sql.Append('@').Append(name);
}
