using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`cast(value as type)` (AWS guide: SQL data types).</summary>
internal sealed class CastExpression : SqlExpression
{
    private readonly SqlExpression _operand;
    private readonly string _typeName;
    private readonly SqlCastType _type;

    public CastExpression(SqlExpression operand, string typeName)
    {
        (_operand, _typeName, _type) = (operand, typeName, TypeNamed(typeName));
        Height = HeightOver(operand);
    }

    public SqlCastType Type => _type;

    public string TypeName => _typeName;

    public static SqlCastType TypeNamed(string name) => name.ToUpperInvariant() switch
    {
        "STRING" or "NVARCHAR" or "TEXT" or "NTEXT" or "VARCHAR" => SqlCastType.String,
        "INT" or "INTEGER" => SqlCastType.Int,
        "DOUBLE" or "DECIMAL" => SqlCastType.Decimal,
        "BOOL" or "BOOLEAN" => SqlCastType.Boolean,
        _ => SqlCastType.Unknown,
    };

    public override IReadOnlyList<SqlExpression> Children => [_operand];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var value = _operand.Evaluate(evaluation);
        return _type switch
        {
            SqlCastType.String => value.ToStringOrNull(),
            SqlCastType.Int => SqlConversions.ToIntByCast(value),
            SqlCastType.Decimal => SqlConversions.ToDecimalByCast(value, evaluation.Version),
            SqlCastType.Boolean => SqlConversions.ToBooleanByCast(value),
            _ => default(SqlValue),
        };
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append("CAST(");
        _operand.Print(sql);
        sql.Append(" AS ").Append(_typeName).Append(')');
    }
}
