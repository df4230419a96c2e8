using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`[LEFT] JOIN TABLE name [AS a] ON a.k = expr` and its like for shadows and things: one row looked up by its key (docs/rules.md).</summary>
/// <param name="Kind">`TABLE`, `SHADOW` or `THING`.</param>
/// <param name="Name">Of the table; for the others the name the statement gives it.</param>
/// <param name="Column">Key column the row is looked up by.</param>
/// <param name="IsLeft">Without a row the message goes on; else it does not match.</param>
internal sealed record SqlJoin(string Kind, string Name, string Alias, string Column, SqlExpression Key, bool IsLeft)
{
    public void Print(StringBuilder sql)
    {
        sql.Append(IsLeft ? " LEFT JOIN " : " JOIN ").Append(Kind).Append(' ').Append(Name);
        if (Alias != Name)
            sql.Append(" AS ").Append(Alias);
        sql.Append(" ON ").Append(Alias).Append('.').Append(Column).Append(" = ");
        Key.Print(sql);
    }

    /// <returns>Undefined where there is no row.</returns>
    public SqlValue Find(SqlEvaluation evaluation)
    {
        if (Key.Evaluate(evaluation).ToStringOrNull() is not { } key)
            return default;
        var lookups = evaluation.Context.Lookups;
        var answer = Kind switch
        {
            "TABLE" => lookups.GetTableRow(Name, [new(Column, key)], ""),
            "SHADOW" => lookups.GetThingShadow(key, null, ""),
            _ => lookups.GetRegistryData("DescribeThing", key, ""),
        };
        if (answer.Error is { } error && Kind != "THING")
            return evaluation.Fail("join", error);
        return answer.IsFound && SqlJson.TryParse(answer.Bytes.Span, evaluation.Version, out var row) ? row : default;
    }
}
