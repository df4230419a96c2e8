using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Devices;

/// <summary>What wired devices have on disk: those that were adopted, counts of pulses, and how the last run ended.</summary>
internal sealed class DeviceStore(Database database)
{
    public static MigrationSet Migrations { get; } = new("devices",
    [
        """
        CREATE TABLE adopted_device (name TEXT PRIMARY KEY, definition TEXT NOT NULL, adopted_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE pulse_count (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE device_run (one INTEGER PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL, orderly INTEGER NOT NULL);
        """,
    ]);

    /// <summary>Names and definitions (JSON, as an entry of <c>sensors</c> or <c>outputs</c>) in the order of adoption.</summary>
    public IReadOnlyList<(string Name, string Definition)> Adopted() => database.Read(static connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, definition FROM adopted_device ORDER BY adopted_at, name";
        using var rows = command.ExecuteReader();
        var all = new List<(string, string)>();
        while (rows.Read())
            all.Add((rows.GetString(0), rows.GetString(1)));
        return all;
    });

    public Task AdoptAsync(string name, string definition, DateTimeOffset at) => database.WriteAsync(connection => Execute(
        connection,
        "INSERT INTO adopted_device (name, definition, adopted_at) VALUES ($name, $definition, $at) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, adopted_at = excluded.adopted_at",
        ("$name", name), ("$definition", definition), ("$at", at.ToUnixTimeMilliseconds())));

    /// <summary>The count goes too: a device of the same name begins anew.</summary>
    public Task RemoveAsync(string name) => database.WriteAsync(connection =>
    {
        Execute(connection, "DELETE FROM adopted_device WHERE name = $name", ("$name", name));
        Execute(connection, "DELETE FROM pulse_count WHERE name = $name", ("$name", name));
    });

    /// <returns>0 where nothing was written down.</returns>
    public long Pulses(string name) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count FROM pulse_count WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() is long count ? count : 0;
    });

    /// <returns>Why it could not be written, such as a full disk; null where it was.</returns>
    public async Task<string?> TryWritePulsesAsync(string name, long count)
    {
        try
        {
            await database.WriteAsync(connection => Execute(
                connection,
                "INSERT INTO pulse_count (name, count) VALUES ($name, $count) ON CONFLICT (name) DO UPDATE SET count = excluded.count",
                ("$name", name), ("$count", count)));
            return null;
        }
        catch (SqliteException ex)
        {
            return ex.Message;
        }
    }

    /// <summary>Begins a run; until <see cref="EndAsync"/> it counts as one that crashed.</summary>
    /// <param name="boot">Names this boot of the machine.</param>
    public Task<LastRun> BeginAsync(string boot) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT boot, orderly FROM device_run";
        LastRun last;
        using (var row = command.ExecuteReader())
            last = !row.Read() ? LastRun.None : row.GetInt64(1) != 0 ? LastRun.Orderly : row.GetString(0) == boot ? LastRun.Crashed : LastRun.PowerCut;
        Execute(connection, "INSERT INTO device_run (one, boot, orderly) VALUES (1, $boot, 0) ON CONFLICT (one) DO UPDATE SET boot = excluded.boot, orderly = 0", ("$boot", boot));
        return last;
    });

    public Task EndAsync() => database.WriteAsync(static connection => Execute(connection, "UPDATE device_run SET orderly = 1"));

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
