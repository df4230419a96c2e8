using EdgeGateway.Shadows;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Sync.State;

/// <summary>Tables of the synchronisation of shadows: one record a shadow and upstream, and the journal of what was given up.</summary>
internal sealed class SyncStore(Database database, string upstream) : ISyncStore
{
    /// <summary>Entries kept of one upstream; the oldest go first.</summary>
    public const int MaxJournal = 10_000;

    /// <summary><c>base</c> is the state as JSON, null where nothing is shared; times are Unix milliseconds.</summary>
    public static MigrationSet Migrations { get; } = new("shadow-sync",
    [
        """
        CREATE TABLE shadow_sync (
            upstream TEXT NOT NULL, thing TEXT NOT NULL, name TEXT NOT NULL, base BLOB, cloud_version INTEGER NOT NULL, local_version INTEGER NOT NULL,
            planned_local BLOB, planned_target BLOB, planned_version INTEGER,
            epoch INTEGER NOT NULL, token INTEGER NOT NULL, state INTEGER NOT NULL, reason TEXT, since INTEGER NOT NULL, PRIMARY KEY (upstream, thing, name)) WITHOUT ROWID;
        CREATE TABLE shadow_sync_journal (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, upstream TEXT NOT NULL, thing TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL,
            local TEXT, cloud TEXT, kept_local INTEGER NOT NULL, rule TEXT NOT NULL, local_version INTEGER NOT NULL, cloud_version INTEGER NOT NULL);
        CREATE UNIQUE INDEX shadow_sync_journal_once ON shadow_sync_journal (upstream, thing, name, path, local_version, coalesce(local, ''), coalesce(cloud, ''));
        """,
    ]);

    private const string Columns = "thing, name, base, cloud_version, local_version, epoch, token, state, reason, since, planned_local, planned_target, planned_version";

    public SyncRecord? Find(ShadowId shadow) => database.Read(connection =>
    {
        using var command = Command(connection, $"SELECT {Columns} FROM shadow_sync WHERE upstream = $upstream AND thing = $thing AND name = $name", shadow);
        using var row = command.ExecuteReader();
        return row.Read() ? Record(row) : null;
    });

    public IReadOnlyList<SyncRecord> All() => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM shadow_sync WHERE upstream = $upstream";
        command.Parameters.AddWithValue("$upstream", upstream);
        using var rows = command.ExecuteReader();
        var records = new List<SyncRecord>();
        while (rows.Read())
            records.Add(Record(rows));
        return records;
    });

    public Task SaveAsync(SyncRecord record) => database.WriteAsync(connection =>
    {
        using var command = Command(
            connection,
            """
            INSERT INTO shadow_sync (upstream, thing, name, base, cloud_version, local_version, epoch, token, state, reason, since, planned_local, planned_target, planned_version)
            VALUES ($upstream, $thing, $name, $base, $cloud, $local, $epoch, $token, $state, $reason, $since, $plannedLocal, $plannedTarget, $plannedVersion)
            ON CONFLICT (upstream, thing, name) DO UPDATE SET base = excluded.base, cloud_version = excluded.cloud_version, local_version = excluded.local_version,
                epoch = excluded.epoch, token = excluded.token, reason = excluded.reason,
                planned_local = excluded.planned_local, planned_target = excluded.planned_target, planned_version = excluded.planned_version,
                since = CASE WHEN state = excluded.state THEN since ELSE excluded.since END, state = excluded.state
            """,
            record.Shadow);
        command.Parameters.AddWithValue("$base", (object?)record.Base?.ToJson() ?? DBNull.Value);
        command.Parameters.AddWithValue("$cloud", record.CloudVersion);
        command.Parameters.AddWithValue("$local", record.LocalVersion);
        command.Parameters.AddWithValue("$epoch", record.Epoch);
        command.Parameters.AddWithValue("$token", record.Sequence);
        command.Parameters.AddWithValue("$state", (int)record.State);
        command.Parameters.AddWithValue("$reason", (object?)record.Reason ?? DBNull.Value);
        command.Parameters.AddWithValue("$since", record.Since);
        command.Parameters.AddWithValue("$plannedLocal", (object?)record.Planned?.Local?.ToJson() ?? DBNull.Value);
        command.Parameters.AddWithValue("$plannedTarget", (object?)record.Planned?.Target.ToJson() ?? DBNull.Value);
        command.Parameters.AddWithValue("$plannedVersion", (object?)record.Planned?.CloudVersion ?? DBNull.Value);
        command.ExecuteNonQuery();
    });

    /// <summary>Raised for each new entry of the journal, once it is on disk. Handlers only take note.</summary>
    public event Action<JournalEntry>? Appended;

    public async Task AppendAsync(IReadOnlyList<JournalEntry> entries)
    {
        var added = await database.WriteAsync(connection => Append(connection, entries));
        foreach (var entry in added)
            Appended?.Invoke(entry);
    }

    private List<JournalEntry> Append(SqliteConnection connection, IReadOnlyList<JournalEntry> entries)
    {
        var added = new List<JournalEntry>();
        foreach (var entry in entries)
            if (Append(connection, entry) is { } id)
                added.Add(entry with { Id = id });
        using var trim = connection.CreateCommand();
        trim.CommandText = "DELETE FROM shadow_sync_journal WHERE upstream = $upstream AND id <= (SELECT max(id) FROM shadow_sync_journal) - $most";
        trim.Parameters.AddWithValue("$upstream", upstream);
        trim.Parameters.AddWithValue("$most", MaxJournal);
        trim.ExecuteNonQuery();
        return added;
    }

    /// <summary>Newest first.</summary>
    /// <param name="upstream">Null: of all upstreams.</param>
    public static IReadOnlyList<JournalEntry> Journal(Database database, string? upstream, ShadowId? shadow, int atMost) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT id, at, upstream, thing, name, path, local, cloud, kept_local, rule, local_version, cloud_version FROM shadow_sync_journal
            WHERE ($upstream IS NULL OR upstream = $upstream) AND ($thing IS NULL OR (thing = $thing AND name = $name)) ORDER BY id DESC LIMIT $most
            """;
        command.Parameters.AddWithValue("$upstream", (object?)upstream ?? DBNull.Value);
        command.Parameters.AddWithValue("$thing", (object?)shadow?.Thing ?? DBNull.Value);
        command.Parameters.AddWithValue("$name", (object?)shadow?.Name ?? DBNull.Value);
        command.Parameters.AddWithValue("$most", atMost);
        using var rows = command.ExecuteReader();
        var entries = new List<JournalEntry>();
        while (rows.Read())
            entries.Add(Entry(rows));
        return entries;
    });

    /// <returns>Null: there is none of that number.</returns>
    public static JournalEntry? FindEntry(Database database, long id) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, at, upstream, thing, name, path, local, cloud, kept_local, rule, local_version, cloud_version FROM shadow_sync_journal WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var row = command.ExecuteReader();
        return row.Read() ? Entry(row) : null;
    });

    /// <returns>Null: it stands there already.</returns>
    private long? Append(SqliteConnection connection, JournalEntry entry)
    {
        using var command = Command(
            connection,
            """
            INSERT OR IGNORE INTO shadow_sync_journal (at, upstream, thing, name, path, local, cloud, kept_local, rule, local_version, cloud_version)
            VALUES ($at, $upstream, $thing, $name, $path, $local, $cloud, $kept, $rule, $localVersion, $cloudVersion)
            RETURNING id
            """,
            entry.Shadow);
        command.Parameters.AddWithValue("$at", entry.At);
        command.Parameters.AddWithValue("$path", entry.Path);
        command.Parameters.AddWithValue("$local", (object?)entry.Local ?? DBNull.Value);
        command.Parameters.AddWithValue("$cloud", (object?)entry.Cloud ?? DBNull.Value);
        command.Parameters.AddWithValue("$kept", entry.KeptLocal);
        command.Parameters.AddWithValue("$rule", entry.Rule);
        command.Parameters.AddWithValue("$localVersion", entry.LocalVersion);
        command.Parameters.AddWithValue("$cloudVersion", entry.CloudVersion);
        return (long?)command.ExecuteScalar();
    }

    private static SyncRecord Record(SqliteDataReader row) => new(new ShadowId(row.GetString(0), row.GetString(1)))
    {
        Base = Sections(row, 2),
        CloudVersion = row.GetInt64(3),
        LocalVersion = row.GetInt64(4),
        Epoch = row.GetInt32(5),
        Sequence = row.GetInt64(6),
        State = (SyncState)row.GetInt32(7),
        Reason = row.IsDBNull(8) ? null : row.GetString(8),
        Since = row.GetInt64(9),
        Planned = row.IsDBNull(11) ? null : new(Sections(row, 10), Sections(row, 11)!, row.GetInt64(12)),
    };

    private static SectionStates? Sections(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : SectionStates.Read(row.GetFieldValue<byte[]>(column), default);

    private static JournalEntry Entry(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), new(row.GetString(3), row.GetString(4)), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7), row.GetBoolean(8), row.GetString(9), row.GetInt64(10), row.GetInt64(11));

    private SqliteCommand Command(SqliteConnection connection, string sql, ShadowId shadow)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$upstream", upstream);
        command.Parameters.AddWithValue("$thing", shadow.Thing);
        command.Parameters.AddWithValue("$name", shadow.Name);
        return command;
    }
}
