using System.Text;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>Values as CSV (RFC 4180): an Object is a row, an Array a row an item; the columns are the members in the order they first come.</summary>
internal static class CsvText
{
    public static string Of(SqlValue value, bool hasHeader)
    {
        IReadOnlyList<SqlValue> rows = value.Kind == SqlKind.Array ? [.. value.AsArray] : [value];
        var columns = new List<string>();
        foreach (var row in rows.Where(static row => row.Kind == SqlKind.Object))
        {
            for (var i = 0; i < row.AsObject.Count; i++)
            {
                if (!columns.Contains(row.AsObject[i].Key))
                    columns.Add(row.AsObject[i].Key);
            }
        }
        var lines = rows.Select(row => row.Kind switch
        {
            SqlKind.Object => string.Join(',', columns.Select(column => Cell(row.AsObject.Get(column)))),
            SqlKind.Array => string.Join(',', row.AsArray.Select(Cell)),
            _ => Cell(row),
        });
        if (hasHeader && columns.Count > 0)
            lines = lines.Prepend(string.Join(',', columns.Select(static column => Quoted(column))));
        return new StringBuilder().AppendJoin("\r\n", lines).ToString();
    }

    private static string Cell(SqlValue value) => Quoted(value.ToStringOrNull() ?? "");

    private static string Quoted(string text) => text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
