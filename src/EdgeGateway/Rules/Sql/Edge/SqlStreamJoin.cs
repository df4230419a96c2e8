using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`[LEFT|RIGHT|FULL|CROSS] JOIN 'filter' AS a ON condition`: the messages of another stream in the same window (docs/rules.md).</summary>
/// <param name="On">Null: CROSS.</param>
internal sealed record SqlStreamJoin(SqlStreamJoinKind Kind, string Filter, string Alias, SqlExpression? On)
{
    public void Print(StringBuilder sql)
    {
        sql.Append(Kind switch { SqlStreamJoinKind.Inner => " JOIN ", SqlStreamJoinKind.Left => " LEFT JOIN ", SqlStreamJoinKind.Right => " RIGHT JOIN ", SqlStreamJoinKind.Full => " FULL JOIN ", _ => " CROSS JOIN " });
        sql.Append(SqlStatement.Quoted(Filter)).Append(" AS ").Append(SqlLexer.Quoted(Alias));
        if (On is null)
            return;
        sql.Append(" ON ");
        On.Print(sql);
    }
}
