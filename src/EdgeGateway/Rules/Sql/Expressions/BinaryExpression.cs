using System.Text;

namespace EdgeGateway.Rules.Sql;

internal sealed class BinaryExpression : SqlExpression
{
    private readonly SqlExpression _left;
    private readonly SqlExpression _right;

    public BinaryExpression(SqlOperator @operator, SqlExpression left, SqlExpression right)
    {
        (Operator, _left, _right) = (@operator, left, right);
        Height = HeightOver(left, right);
    }

    public SqlOperator Operator { get; }

    public SqlExpression Left => _left;

    public SqlExpression Right => _right;

    public override IReadOnlyList<SqlExpression> Children => [_left, _right];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var left = _left.Evaluate(evaluation);
        // The side that decides is enough (AWS guide: SQL operators): the other one is not looked at.
        if (Operator is SqlOperator.And or SqlOperator.Or && left.TryBoolean(out var decided) && decided == (Operator == SqlOperator.Or))
            return decided;
        var right = _right.Evaluate(evaluation);
        var version = evaluation.Version;
        switch (Operator)
        {
            case SqlOperator.Or:
                return SqlOperators.Or(left, right);
            case SqlOperator.And:
                return SqlOperators.And(left, right);
            case SqlOperator.Equal:
                return SqlOperators.Equal(left, right);
            case SqlOperator.NotEqual:
                return SqlOperators.NotEqual(left, right);
            case SqlOperator.In:
                return SqlOperators.In(left, right);
            case SqlOperator.Add:
                var sum = SqlOperators.Add(left, right, version);
                return sum.Kind == SqlKind.String && !evaluation.MayHold(sum.AsString.Length) ? default : sum;
            case SqlOperator.Subtract:
                return SqlOperators.Arithmetic(SqlNumber.Subtract, left, right, version);
            case SqlOperator.Multiply:
                return SqlOperators.Arithmetic(SqlNumber.Multiply, left, right, version);
            case SqlOperator.Divide:
                return SqlOperators.Divide(left, right, version, evaluation.Context.Limits.TruncateIntDivision);
            case SqlOperator.Remainder:
                return SqlOperators.Arithmetic(SqlNumber.Remainder, left, right, version);
            default:
                return Order(SqlOperators.Compare(left, right));
        }
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append('(');
        _left.Print(sql);
        sql.Append(' ').Append(Symbol(Operator)).Append(' ');
        _right.Print(sql);
        sql.Append(')');
    }

    public static string Symbol(SqlOperator @operator) => @operator switch
    {
        SqlOperator.Or => "OR",
        SqlOperator.And => "AND",
        SqlOperator.Equal => "=",
        SqlOperator.NotEqual => "<>",
        SqlOperator.Less => "<",
        SqlOperator.LessOrEqual => "<=",
        SqlOperator.Greater => ">",
        SqlOperator.GreaterOrEqual => ">=",
        SqlOperator.In => "IN",
        SqlOperator.Add => "+",
        SqlOperator.Subtract => "-",
        SqlOperator.Multiply => "*",
        SqlOperator.Divide => "/",
        _ => "%",
    };

    private SqlValue Order(int? order) => order is not { } sign
        ? default
        : Operator switch
        {
            SqlOperator.Less => sign < 0,
            SqlOperator.LessOrEqual => sign <= 0,
            SqlOperator.Greater => sign > 0,
            _ => (SqlValue)(sign >= 0),
        };
}
