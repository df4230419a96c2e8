using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Storage;
using EdgeGateway.Sync.State;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Sync.Things;

/// <summary>Tables of the synchronisation of registries: one record an entry and upstream, and the journal of what was given up.</summary>
internal sealed class RegistrySyncStore(Database database, string upstream)
{
    /// <summary>Entries kept of one upstream; the oldest go first.</summary>
    public const int MaxJournal = 10_000;

    public static MigrationSet Migrations { get; } = new("registry-sync",
    [
        """
        CREATE TABLE registry_sync (
            upstream TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, base TEXT, state INTEGER NOT NULL, reason TEXT, since INTEGER NOT NULL,
            PRIMARY KEY (upstream, kind, name)) WITHOUT ROWID;
        CREATE TABLE registry_sync_journal (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, upstream TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, leaf TEXT NOT NULL,
            local TEXT, there TEXT, kept_local INTEGER NOT NULL);
        """,
    ]);

    public RegistrySyncRecord? Find(RegistryKey key) => database.Read(connection =>
    {
        using var command = Command(connection, "SELECT kind, name, base, state, reason, since FROM registry_sync WHERE upstream = $upstream AND kind = $kind AND name = $name", key);
        using var row = command.ExecuteReader();
        return row.Read() ? Record(row) : null;
    });

    public IReadOnlyList<RegistrySyncRecord> All() => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, name, base, state, reason, since FROM registry_sync WHERE upstream = $upstream ORDER BY kind, name";
        command.Parameters.AddWithValue("$upstream", upstream);
        using var rows = command.ExecuteReader();
        var records = new List<RegistrySyncRecord>();
        while (rows.Read())
            records.Add(Record(rows));
        return records;
    });

    /// <summary>The record and what was given up for it, in one commit; a record without a base that is in sync is forgotten.</summary>
    public Task SaveAsync(RegistrySyncRecord record, IReadOnlyList<RegistryConflict> conflicts) => database.WriteAsync(connection =>
    {
        using var command = Command(
            connection,
            record is { Base: null, State: SyncState.InSync }
                ? "DELETE FROM registry_sync WHERE upstream = $upstream AND kind = $kind AND name = $name"
                : """
                  INSERT INTO registry_sync (upstream, kind, name, base, state, reason, since) VALUES ($upstream, $kind, $name, $base, $state, $reason, $since)
                  ON CONFLICT (upstream, kind, name) DO UPDATE SET base = excluded.base, reason = excluded.reason,
                      since = CASE WHEN state = excluded.state THEN since ELSE excluded.since END, state = excluded.state
                  """,
            record.Key);
        command.Parameters.AddWithValue("$base", record.Base is null ? DBNull.Value : JsonSerializer.Serialize(record.Base.ToDictionary(), SyncJson.Default.DictionaryStringString));
        command.Parameters.AddWithValue("$state", (int)record.State);
        command.Parameters.AddWithValue("$reason", (object?)record.Reason ?? DBNull.Value);
        command.Parameters.AddWithValue("$since", record.Since);
        command.ExecuteNonQuery();
        foreach (var conflict in conflicts)
            Append(connection, record, conflict);
        if (conflicts.Count > 0)
            Trim(connection);
    });

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RegistryJournalEntry> Journal(int atMost) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT at, kind, name, leaf, local, there, kept_local FROM registry_sync_journal WHERE upstream = $upstream ORDER BY id DESC LIMIT $most";
        command.Parameters.AddWithValue("$upstream", upstream);
        command.Parameters.AddWithValue("$most", atMost);
        using var rows = command.ExecuteReader();
        var entries = new List<RegistryJournalEntry>();
        while (rows.Read())
            entries.Add(new(
                rows.GetInt64(0), upstream, new((RegistryKind)rows.GetInt32(1), rows.GetString(2)),
                new(rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetString(5), rows.GetBoolean(6))));
        return entries;
    });

    private void Append(SqliteConnection connection, RegistrySyncRecord record, RegistryConflict conflict)
    {
        using var command = Command(
            connection,
            "INSERT INTO registry_sync_journal (at, upstream, kind, name, leaf, local, there, kept_local) VALUES ($at, $upstream, $kind, $name, $leaf, $local, $there, $kept)",
            record.Key);
        command.Parameters.AddWithValue("$at", record.Since);
        command.Parameters.AddWithValue("$leaf", conflict.Leaf);
        command.Parameters.AddWithValue("$local", (object?)conflict.Local ?? DBNull.Value);
        command.Parameters.AddWithValue("$there", (object?)conflict.Upstream ?? DBNull.Value);
        command.Parameters.AddWithValue("$kept", conflict.KeptLocal);
        command.ExecuteNonQuery();
    }

    private void Trim(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM registry_sync_journal WHERE upstream = $upstream AND id <= (SELECT max(id) FROM registry_sync_journal) - $most";
        command.Parameters.AddWithValue("$upstream", upstream);
        command.Parameters.AddWithValue("$most", MaxJournal);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(SqliteConnection connection, string sql, RegistryKey key)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$upstream", upstream);
        command.Parameters.AddWithValue("$kind", (int)key.Kind);
        command.Parameters.AddWithValue("$name", key.Name);
        return command;
    }

    private static RegistrySyncRecord Record(SqliteDataReader row) => new(
        new((RegistryKind)row.GetInt32(0), row.GetString(1)),
        row.IsDBNull(2) ? null : JsonSerializer.Deserialize(row.GetString(2), SyncJson.Default.DictionaryStringString)!.ToImmutableSortedDictionary(StringComparer.Ordinal),
        (SyncState)row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetInt64(5));
}
