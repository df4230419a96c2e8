using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Shadows;

/// <summary>The tables of the shadows. Writes run on the storage writer, within its transaction; reads see the last commit.</summary>
internal sealed class ShadowStore(Database database)
{
    /// <summary>
    /// One row a shadow; a deleted one keeps its row, without a state, for its version's sake. Columns: times in Unix milliseconds,
    /// <c>state</c> as <see cref="ShadowDocument.State"/>, <c>times</c> as <see cref="Json.LeafTimes"/>.
    /// </summary>
    public static MigrationSet Migrations { get; } = new("shadows",
    [
        """
        CREATE TABLE shadow (
            thing TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, sequence INTEGER NOT NULL, changed_at INTEGER NOT NULL,
            state BLOB, times BLOB, PRIMARY KEY (thing, name));
        CREATE INDEX shadow_sequence ON shadow (sequence);
        CREATE TABLE shadow_history_setting (thing TEXT NOT NULL, name TEXT NOT NULL, entries INTEGER NOT NULL, PRIMARY KEY (thing, name)) WITHOUT ROWID;
        CREATE TABLE shadow_history (
            thing TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL, state BLOB, times BLOB,
            PRIMARY KEY (thing, name, version));
        """,
    ]);

    /// <returns><see cref="ShadowDocument.None"/> if there never was one.</returns>
    public ShadowDocument Read(ShadowId shadow) => database.Read(connection =>
    {
        using var command = Command(connection, "SELECT version, changed_at, state, times FROM shadow WHERE thing = $thing AND name = $name", shadow);
        using var row = command.ExecuteReader();
        return row.Read() ? Document(row, 0) : ShadowDocument.None;
    });

    public long LastSequence() => database.Read(static connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(sequence), 0) FROM shadow";
        return (long)command.ExecuteScalar()!;
    });

    public int CountNamed(string thing) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM shadow WHERE thing = $thing AND name <> '' AND state IS NOT NULL";
        command.Parameters.AddWithValue("$thing", thing);
        return (int)(long)command.ExecuteScalar()!;
    });

    public IReadOnlyList<string> NamesOf(string thing, string after, int atMost) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM shadow WHERE thing = $thing AND name > $after AND state IS NOT NULL ORDER BY name LIMIT $most";
        command.Parameters.AddWithValue("$thing", thing);
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$most", atMost);
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read())
            names.Add(rows.GetString(0));
        return names;
    });

    public IReadOnlyList<StoredShadow> Since(long sequence, int atMost) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sequence, thing, name, version, changed_at, state, times FROM shadow WHERE sequence > $sequence ORDER BY sequence LIMIT $most";
        command.Parameters.AddWithValue("$sequence", sequence);
        command.Parameters.AddWithValue("$most", atMost);
        using var rows = command.ExecuteReader();
        var shadows = new List<StoredShadow>();
        while (rows.Read())
            shadows.Add(new(rows.GetInt64(0), new(rows.GetString(1), rows.GetString(2)), Document(rows, 3)));
        return shadows;
    });

    public IReadOnlyList<ShadowDocument> History(ShadowId shadow, int atMost) => database.Read(connection =>
    {
        using var command = Command(
            connection,
            "SELECT version, changed_at, state, times FROM shadow_history WHERE thing = $thing AND name = $name ORDER BY version DESC LIMIT $most",
            shadow);
        command.Parameters.AddWithValue("$most", atMost);
        using var rows = command.ExecuteReader();
        var documents = new List<ShadowDocument>();
        while (rows.Read())
            documents.Add(Document(rows, 0));
        return documents;
    });

    public Dictionary<ShadowId, int> HistorySettings() => database.Read(static connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT thing, name, entries FROM shadow_history_setting";
        using var rows = command.ExecuteReader();
        var settings = new Dictionary<ShadowId, int>();
        while (rows.Read())
            settings.Add(new(rows.GetString(0), rows.GetString(1)), rows.GetInt32(2));
        return settings;
    });

    public Task KeepHistoryAsync(ShadowId shadow, int entries) => database.WriteAsync(connection =>
    {
        using var setting = Command(
            connection,
            "INSERT INTO shadow_history_setting (thing, name, entries) VALUES ($thing, $name, $entries) ON CONFLICT (thing, name) DO UPDATE SET entries = excluded.entries",
            shadow);
        setting.Parameters.AddWithValue("$entries", entries);
        setting.ExecuteNonQuery();
        using var trim = Command(
            connection,
            """
            DELETE FROM shadow_history WHERE thing = $thing AND name = $name AND version NOT IN (
                SELECT version FROM shadow_history WHERE thing = $thing AND name = $name ORDER BY version DESC LIMIT $entries)
            """,
            shadow);
        trim.Parameters.AddWithValue("$entries", entries);
        trim.ExecuteNonQuery();
        using var present = Command(
            connection,
            """
            INSERT OR IGNORE INTO shadow_history (thing, name, version, changed_at, state, times)
            SELECT thing, name, version, changed_at, state, times FROM shadow WHERE thing = $thing AND name = $name AND state IS NOT NULL AND $entries > 0
            """,
            shadow);
        present.Parameters.AddWithValue("$entries", entries);
        present.ExecuteNonQuery();
    });

    /// <summary>Forgets the versions of shadows deleted before a time (Unix milliseconds).</summary>
    public Task DropTombstonesAsync(long before) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM shadow WHERE state IS NULL AND changed_at < $before";
        command.Parameters.AddWithValue("$before", before);
        command.ExecuteNonQuery();
    });

    /// <summary>All or none, and only on top of the versions they were made for.</summary>
    /// <returns>Completes when they are on disk.</returns>
    /// <exception cref="ShadowWriteException">A shadow is not at the version a save was made for, because an earlier write failed.</exception>
    /// <exception cref="SqliteException">The disk is full or broken.</exception>
    public Task SaveAsync(IReadOnlyList<ShadowSave> saves, IReadOnlyList<ShadowHistoryEntry> history) => database.WriteAsync(connection =>
    {
        using var insert = SaveCommand(
            connection,
            "INSERT INTO shadow (thing, name, version, sequence, changed_at, state, times) VALUES ($thing, $name, $version, $sequence, $changed, $state, $times) ON CONFLICT DO NOTHING");
        using var update = SaveCommand(
            connection,
            """
            UPDATE shadow SET version = $version, sequence = $sequence, changed_at = $changed, state = $state, times = $times
            WHERE thing = $thing AND name = $name AND version = $expected
            """);
        foreach (var save in saves)
            Save(save.Expected == 0 ? insert : update, save);
        foreach (var entry in history)
            Remember(connection, entry);
    });

    private static void Save(SqliteCommand command, ShadowSave save)
    {
        var parameters = command.Parameters;
        parameters["$thing"].Value = save.Shadow.Thing;
        parameters["$name"].Value = save.Shadow.Name;
        parameters["$version"].Value = save.Document.Version;
        parameters["$sequence"].Value = save.Sequence;
        parameters["$changed"].Value = save.Document.ChangedAt;
        parameters["$state"].Value = Blob(save.Document, save.Document.StateBytes);
        parameters["$times"].Value = Blob(save.Document, save.Document.TimesBytes);
        parameters["$expected"].Value = save.Expected;
        if (command.ExecuteNonQuery() != 1)
            throw new ShadowWriteException(save.Shadow, save.Expected);
    }

    private static void Remember(SqliteConnection connection, ShadowHistoryEntry entry)
    {
        using var insert = Command(
            connection,
            "INSERT OR REPLACE INTO shadow_history (thing, name, version, changed_at, state, times) VALUES ($thing, $name, $version, $changed, $state, $times)",
            entry.Shadow);
        insert.Parameters.AddWithValue("$version", entry.Document.Version);
        insert.Parameters.AddWithValue("$changed", entry.Document.ChangedAt);
        insert.Parameters.AddWithValue("$state", Blob(entry.Document, entry.Document.StateBytes));
        insert.Parameters.AddWithValue("$times", Blob(entry.Document, entry.Document.TimesBytes));
        insert.ExecuteNonQuery();
        using var trim = Command(connection, "DELETE FROM shadow_history WHERE thing = $thing AND name = $name AND version <= $oldest", entry.Shadow);
        trim.Parameters.AddWithValue("$oldest", entry.Document.Version - entry.Entries);
        trim.ExecuteNonQuery();
    }

    private static object Blob(ShadowDocument document, byte[] bytes) => document.Exists ? bytes : DBNull.Value;

    private static ShadowDocument Document(SqliteDataReader row, int first) => row.IsDBNull(first + 2)
        ? ShadowDocument.Tombstone(row.GetInt64(first), row.GetInt64(first + 1))
        : ShadowDocument.Stored(row.GetInt64(first), row.GetInt64(first + 1), row.GetFieldValue<byte[]>(first + 2), row.GetFieldValue<byte[]>(first + 3));

    private static SqliteCommand SaveCommand(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in (string[])["$thing", "$name", "$version", "$sequence", "$changed", "$state", "$times", "$expected"])
            command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ShadowId shadow)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$thing", shadow.Thing);
        command.Parameters.AddWithValue("$name", shadow.Name);
        return command;
    }
}
