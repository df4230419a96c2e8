using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`{'a': x}`; Undefined members are left out.</summary>
internal sealed class ObjectExpression : SqlExpression
{
    private readonly IReadOnlyList<(string Name, SqlExpression Value)> _members;

    public ObjectExpression(IReadOnlyList<(string Name, SqlExpression Value)> members)
    {
        _members = members;
        Height = HeightOver([.. members.Select(m => m.Value)]);
    }

    public override IReadOnlyList<SqlExpression> Children => [.. _members.Select(static member => member.Value)];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var result = new SqlObject(_members.Count);
        foreach (var (name, member) in _members)
        {
            var value = member.Evaluate(evaluation);
            if (!value.IsUndefined)
                result.Set(name, value);
        }
        return evaluation.Hold(result);
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append('{');
        for (var i = 0; i < _members.Count; i++)
        {
            if (i > 0)
                sql.Append(", ");
            PrintString(sql, _members[i].Name);
            sql.Append(": ");
            _members[i].Value.Print(sql);
        }
        sql.Append('}');
    }
}
