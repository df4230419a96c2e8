namespace EdgeGateway.Rules.Tables;

/// <summary>The local tables that stand for DynamoDB: key columns and a JSON document (docs/rules.md). Keys are given as text.</summary>
/// <remarks>Thread-safe. Writes are durable when their task completes; null means done.</remarks>
public interface ITables
{
    IReadOnlyList<Table> All { get; }

    Table? Find(string name);

    /// <summary>Done as well where the very same table is there already.</summary>
    Task<RuleError?> CreateAsync(Table table);

    /// <summary>With all its rows.</summary>
    Task<RuleError?> DeleteAsync(string name);

    /// <summary>Puts a row in place of one with its keys.</summary>
    /// <param name="document">A JSON object that holds the key columns.</param>
    /// <param name="createAs">How to make the table, in the same step, where it is not there; null: that is an error.</param>
    Task<RuleError?> PutAsync(string name, ReadOnlyMemory<byte> document, Table? createAs = null);

    /// <summary>Like <see cref="PutAsync"/>, but members of a row that is there and not in the document stay.</summary>
    Task<RuleError?> UpdateAsync(string name, ReadOnlyMemory<byte> document, Table? createAs = null);

    /// <summary>Done as well where there is no such row.</summary>
    Task<RuleError?> DeleteRowAsync(string name, string hash, string? range);

    /// <summary>Null where there is no such row or table.</summary>
    TableRow? Get(string name, string hash, string? range);

    IReadOnlyList<TableRow> Query(string name, TableQuery query);

    /// <summary>All rows in order of their keys, read page by page.</summary>
    IEnumerable<TableRow> Scan(string name);
}
