using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Tables;

/// <summary>
/// Tables in SQLite. A key of type NUMBER is kept as a number, so that rows of one hash key lie in the order of their range
/// keys; a table without range key keeps the empty string there. Which tables there are is held in memory.
/// </summary>
internal sealed partial class TableStore(Database database, TimeProvider time) : ITables
{
    public const int MaxRowBytes = 400 * 1024; // DynamoDB's limit on an item

    private ImmutableSortedDictionary<string, Table> _tables = database.Read(Load);

    public IReadOnlyList<Table> All => [.. _tables.Values];

    public Table? Find(string name) => _tables.GetValueOrDefault(name);

    public async Task<RuleError?> CreateAsync(Table table)
    {
        if (FaultOf(table) is { } fault)
            return fault;
        var error = await database.WriteAsync(connection => Create(connection, table));
        if (error is null)
            Remember(table);
        return error;
    }

    public async Task<RuleError?> DeleteAsync(string name)
    {
        var error = await database.WriteAsync(connection =>
        {
            if (Read(connection, name) is null)
                return NotFound(name);
            Execute(connection, "DELETE FROM rule_table_row WHERE name = $name", ("$name", name));
            Execute(connection, "DELETE FROM rule_table WHERE name = $name", ("$name", name));
            DropIndexes(connection, name);
            return null;
        });
        if (error is null)
            ImmutableInterlocked.Update(ref _tables, static (tables, removed) => tables.Remove(removed), name);
        return error;
    }

    public Task<RuleError?> PutAsync(string name, ReadOnlyMemory<byte> document, Table? createAs = null) => WriteRowAsync(name, document, createAs, merge: false);

    public Task<RuleError?> UpdateAsync(string name, ReadOnlyMemory<byte> document, Table? createAs = null) => WriteRowAsync(name, document, createAs, merge: true);

    public async Task<RuleError?> DeleteRowAsync(string name, string hash, string? range)
    {
        if (Find(name) is not { } table)
            return NotFound(name);
        if (KeysOf(table, hash, range, out var keys) is { } error)
            return error;
        return await database.WriteAsync(connection =>
        {
            Execute(connection, "DELETE FROM rule_table_row WHERE name = $name AND hash = $hash AND range = $range", ("$name", name), ("$hash", keys.Hash), ("$range", keys.Range));
            return (RuleError?)null;
        });
    }

    public TableRow? Get(string name, string hash, string? range)
    {
        if (Find(name) is not { } table || KeysOf(table, hash, range, out var keys) is not null)
            return null;
        return database.Read(connection => ReadRow(connection, name, keys)) is { } document && !IsOver(table, document) ? new TableRow(document) : null;
    }

    public IReadOnlyList<TableRow> Query(string name, TableQuery query)
    {
        if (Find(name) is not { } table)
            return [];
        var conditions = new StringBuilder($"name = '{table.Name}'"); // a literal, so that the table's own indexes apply; the name's characters are checked
        var parameters = new List<(string, object?)> { ("$limit", Math.Clamp(query.Limit, 1, 10_000)) };
        if (!AddCondition(query.Hash, table.HashKey, "hash = $hash", "$hash")
            || !AddCondition(query.RangeFrom, table.RangeKey, "range >= $from", "$from")
            || !AddCondition(query.RangeTo, table.RangeKey, "range <= $to", "$to"))
            return [];
        if (query.Member is { } member)
        {
            if (!SqlLexer.IsIdentifier(member))
                return [];
            conditions.Append(" AND ").Append(MemberOf(member)).Append(" = $value");
            parameters.Add(("$value", query.Value ?? ""));
        }
        if (table.TtlMember is { } ttl)
            conditions.Append(" AND NOT ").Append(OverOf(ttl));
        parameters.Add(("$now", time.GetUtcNow().ToUnixTimeSeconds()));
        var order = query.Descending ? "DESC" : "ASC";
        return database.Read(connection =>
        {
            using var command = Command(
                connection, $"SELECT document FROM rule_table_row WHERE {conditions} ORDER BY hash {order}, range {order} LIMIT $limit", [.. parameters]);
            using var rows = command.ExecuteReader();
            var found = new List<TableRow>();
            while (rows.Read())
                found.Add(new TableRow(rows.GetFieldValue<byte[]>(0)));
            return found;
        });

        bool AddCondition(string? text, TableKey? key, string condition, string parameter)
        {
            if (text is null)
                return true;
            if (key is null || KeyValue(key, text) is not { } value)
                return false;
            conditions.Append(" AND ").Append(condition);
            parameters.Add((parameter, value));
            return true;
        }
    }

    private async Task<RuleError?> WriteRowAsync(string name, ReadOnlyMemory<byte> document, Table? createAs, bool merge)
    {
        var present = Find(name);
        if ((present ?? createAs) is not { } table)
            return NotFound(name);
        if (present is null && FaultOf(table) is { } fault)
            return fault;
        if (!SqlJson.TryParse(document.Span, SqlVersion.V20160323, out var row) || row.Kind != SqlKind.Object)
            return Invalid("a row is a JSON object");
        if (document.Length > MaxRowBytes)
            return Invalid($"a row is at most {MaxRowBytes} bytes");
        if (KeysIn(table, row.AsObject, out var keys) is { } error)
            return error;
        var refused = await database.WriteAsync(connection =>
        {
            if (present is null && Create(connection, table) is { } other)
                return other;
            var bytes = document;
            if (merge && ReadRow(connection, name, keys) is { } before)
                bytes = Merge(before, row.AsObject);
            Execute(
                connection,
                "INSERT INTO rule_table_row (name, hash, range, document) VALUES ($name, $hash, $range, $document) ON CONFLICT (name, hash, range) DO UPDATE SET document = excluded.document",
                ("$name", name), ("$hash", keys.Hash), ("$range", keys.Range), ("$document", bytes.ToArray()));
            return null;
        });
        if (present is null && refused is null)
            Remember(table);
        return refused;
    }

    private static RuleError? FaultOf(Table table)
    {
        if (!Table.IsValidName(table.Name))
            return Invalid($"{table.Name} is not a table name: 1 to 255 letters, digits, '_', '-' and '.'");
        if (table.Indexes.Append(table.TtlMember).OfType<string>().FirstOrDefault(static member => !SqlLexer.IsIdentifier(member)) is { } wrong)
            return Invalid($"{wrong} is not a member that can have an index or be the TTL: letters, digits and underscores");
        if (table.Indexes.Count > MaxIndexes)
            return Invalid($"a table has at most {MaxIndexes} indexes");
        return table.HashKey.Name.Length == 0 || table.RangeKey?.Name.Length == 0 || table.HashKey.Name == table.RangeKey?.Name
            ? Invalid("the key columns of a table need two different names")
            : null;
    }

    private RuleError? Create(SqliteConnection connection, Table table)
    {
        if (Read(connection, table.Name) is { } present)
            return present.HasSameKeys(table) ? null : new RuleError(RuleErrorKind.AlreadyExists, $"the table {table.Name} has other key columns: {Describe(present)}");
        Execute(
            connection,
            "INSERT INTO rule_table (name, hash_key, hash_type, range_key, range_type, created_at, ttl_member, indexes) VALUES ($name, $hashKey, $hashType, $rangeKey, $rangeType, $now, $ttl, $indexes)",
            ("$name", table.Name),
            ("$hashKey", table.HashKey.Name),
            ("$hashType", table.HashKey.Type.ToString()),
            ("$rangeKey", table.RangeKey?.Name),
            ("$rangeType", table.RangeKey?.Type.ToString()),
            ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()),
            ("$ttl", table.TtlMember),
            ("$indexes", string.Join(',', table.Indexes)));
        MakeIndexes(connection, table);
        return null;
    }

    // After the commit, so that memory never knows a table the disk does not.
    private void Remember(Table table) => ImmutableInterlocked.Update(ref _tables, static (tables, added) => tables.SetItem(added.Name, added), table);

    private static byte[] Merge(byte[] before, SqlObject update)
    {
        SqlJson.TryParse(before, SqlVersion.V20160323, out var row);
        var merged = row.Kind == SqlKind.Object ? row.AsObject.Copy(update.Count) : new SqlObject();
        for (var i = 0; i < update.Count; i++)
            merged.Set(update[i].Key, update[i].Value);
        return SqlJson.ToUtf8(merged);
    }

    private static RuleError? KeysIn(Table table, SqlObject row, out (object Hash, object Range) keys)
    {
        keys = default;
        var hash = row.Get(table.HashKey.Name);
        var range = table.RangeKey is { } key ? row.Get(key.Name) : default;
        if (!Fits(hash, table.HashKey) || (table.RangeKey is not null && !Fits(range, table.RangeKey)))
            return Invalid($"a row of {table.Name} holds its key columns: {Describe(table)}");
        return KeysOf(table, hash.ToStringOrNull()!, range.ToStringOrNull(), out keys);
    }

    private static bool Fits(SqlValue value, TableKey key) => key.Type == TableKeyType.Number ? value.IsNumber : value.Kind == SqlKind.String;

    private static RuleError? KeysOf(Table table, string hash, string? range, out (object Hash, object Range) keys)
    {
        keys = default;
        if ((range is null) != (table.RangeKey is null))
            return Invalid($"the table {table.Name} has the key columns {Describe(table)}");
        if (KeyValue(table.HashKey, hash) is not { } hashValue || (table.RangeKey is null ? "" : KeyValue(table.RangeKey, range!)) is not { } rangeValue)
            return Invalid($"a key of {table.Name} is empty, too long or no number: it has the key columns {Describe(table)}");
        keys = (hashValue, rangeValue);
        return null;
    }

    // DynamoDB: a key is not empty; 2048 bytes at most. Numbers beyond 64 bits lose digits as a double.
    private static object? KeyValue(TableKey key, string text)
    {
        if (text.Length is 0 or > 2048)
            return null;
        if (key.Type == TableKeyType.String)
            return text;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    private static byte[]? ReadRow(SqliteConnection connection, string name, (object Hash, object Range) keys)
    {
        using var command = Command(
            connection, "SELECT document FROM rule_table_row WHERE name = $name AND hash = $hash AND range = $range",
            ("$name", name), ("$hash", keys.Hash), ("$range", keys.Range));
        return (byte[]?)command.ExecuteScalar();
    }

    private static Table? Read(SqliteConnection connection, string name) => Load(connection).GetValueOrDefault(name);

    private static ImmutableSortedDictionary<string, Table> Load(SqliteConnection connection)
    {
        using var command = Command(connection, "SELECT name, hash_key, hash_type, range_key, range_type, ttl_member, indexes FROM rule_table");
        using var rows = command.ExecuteReader();
        var tables = ImmutableSortedDictionary.CreateBuilder<string, Table>(StringComparer.Ordinal);
        while (rows.Read())
        {
            var range = rows.IsDBNull(3) ? null : new TableKey(rows.GetString(3), Enum.Parse<TableKeyType>(rows.GetString(4)));
            tables[rows.GetString(0)] = new Table(rows.GetString(0), new TableKey(rows.GetString(1), Enum.Parse<TableKeyType>(rows.GetString(2))), range)
            {
                TtlMember = rows.IsDBNull(5) ? null : rows.GetString(5),
                Indexes = rows.GetString(6).Split(',', StringSplitOptions.RemoveEmptyEntries),
            };
        }
        return tables.ToImmutable();
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static string Describe(Table table) => table.RangeKey is { } range
        ? $"{table.HashKey.Name} ({table.HashKey.Type}) and {range.Name} ({range.Type})"
        : $"{table.HashKey.Name} ({table.HashKey.Type})";

    private static RuleError Invalid(string message) => new(RuleErrorKind.InvalidRequest, message);

    private static RuleError NotFound(string name) => new(RuleErrorKind.NotFound, $"there is no table {name}");
}
