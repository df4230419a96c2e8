using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>A function call; a wrong argument count gives Undefined (AWS guide: SQL functions).</summary>
internal sealed class CallExpression : SqlExpression
{
    private readonly SqlFunction _function;
    private readonly SqlExpression[] _arguments;

    public CallExpression(SqlFunction function, SqlExpression[] arguments)
    {
        (_function, _arguments) = (function, arguments);
        Height = HeightOver(arguments);
    }

    public SqlFunction Function => _function;

    public string Name => _function.Name;

    public IReadOnlyList<SqlExpression> Arguments => _arguments;

    [InlineArray(4)]
    private struct FewValues
    {
        private SqlValue _first;
    }

    public override IReadOnlyList<SqlExpression> Children => _arguments;

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (_arguments.Length < _function.MinArguments || _arguments.Length > _function.MaxArguments || !evaluation.TryStep())
            return default;
        var few = new FewValues();
        Span<SqlValue> values = _arguments.Length <= 4 ? few : new SqlValue[_arguments.Length];
        values = values[.._arguments.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _arguments[i].Evaluate(evaluation);
        return evaluation.Failure is null ? _function.Body(evaluation, values) : default;
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append(_function.Name).Append('(');
        PrintList(sql, _arguments);
        sql.Append(')');
    }
}
