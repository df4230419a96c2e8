using EdgeGateway.Rules.Sql;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace EdgeGateway.Rules.Tables;

/// <content>What goes by members of the rows: indexes, rows that are over, the whole table.</content>
internal sealed partial class TableStore : IHostedService, IDisposable
{
    private const int MaxIndexes = 10;
    private const int Page = 500;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweeping = SweepAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _sweeping;
    }

    public void Dispose() => _stopping.Dispose();

    public IEnumerable<TableRow> Scan(string name)
    {
        if (Find(name) is not { } table)
            yield break;
        (object Hash, object Range)? after = null;
        while (true)
        {
            var rows = database.Read(connection => ReadPage(connection, name, after));
            foreach (var (_, _, document) in rows)
            {
                if (!IsOver(table, document))
                    yield return new TableRow(document);
            }
            if (rows.Count < Page)
                yield break;
            after = (rows[^1].Hash, rows[^1].Range);
        }
    }

    /// <summary>Removes the rows whose time is over.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> RemoveOverAsync()
    {
        var removed = 0;
        foreach (var table in _tables.Values.Where(static table => table.TtlMember is not null))
        {
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            removed += await database.WriteAsync(connection =>
            {
                using var command = Command(connection, $"DELETE FROM rule_table_row WHERE name = $name AND {OverOf(table.TtlMember!)}", ("$name", table.Name), ("$now", now));
                return command.ExecuteNonQuery();
            });
        }
        return removed;
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await RemoveOverAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private static List<(object Hash, object Range, byte[] Document)> ReadPage(SqliteConnection connection, string name, (object Hash, object Range)? after)
    {
        using var command = after is { } last
            ? Command(connection, $"SELECT hash, range, document FROM rule_table_row WHERE name = $name AND (hash, range) > ($hash, $range) ORDER BY hash, range LIMIT {Page}", ("$name", name), ("$hash", last.Hash), ("$range", last.Range))
            : Command(connection, $"SELECT hash, range, document FROM rule_table_row WHERE name = $name ORDER BY hash, range LIMIT {Page}", ("$name", name));
        using var rows = command.ExecuteReader();
        var page = new List<(object, object, byte[])>();
        while (rows.Read())
            page.Add((rows.GetValue(0), rows.GetValue(1), rows.GetFieldValue<byte[]>(2)));
        return page;
    }

    private bool IsOver(Table table, byte[] document) =>
        table.TtlMember is { } member && SqlJson.TryParse(document, SqlVersion.V20160323, out var row) && row.Kind == SqlKind.Object
        && row.AsObject.Get(member) is { IsNumber: true } until && until.AsNumber.ToDouble() <= time.GetUtcNow().ToUnixTimeSeconds();

    // Members are identifiers, so they need no quoting. Values are compared as text: 5 finds 5 and "5".
    private static string MemberOf(string member) => $"CAST(json_extract(CAST(document AS TEXT), '$.{member}') AS TEXT)";

    private static string OverOf(string member) =>
        $"(json_type(CAST(document AS TEXT), '$.{member}') IS NOT NULL AND json_type(CAST(document AS TEXT), '$.{member}') IN ('integer', 'real') AND json_extract(CAST(document AS TEXT), '$.{member}') <= $now)";

    private static void MakeIndexes(SqliteConnection connection, Table table)
    {
        foreach (var member in table.Indexes)
            Execute(connection, $"CREATE INDEX IF NOT EXISTS \"rule_table_{table.Name}_{member}\" ON rule_table_row ({MemberOf(member)}) WHERE name = '{table.Name}'");
    }

    private static void DropIndexes(SqliteConnection connection, string name)
    {
        var indexes = new List<string>();
        using (var command = Command(connection, "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'rule_table_row' AND substr(name, 1, length($prefix)) = $prefix", ("$prefix", $"rule_table_{name}_")))
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
                indexes.Add(rows.GetString(0));
        }
        foreach (var index in indexes)
            Execute(connection, $"DROP INDEX \"{index}\"");
    }
}
