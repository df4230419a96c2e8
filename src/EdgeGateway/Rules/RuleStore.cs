using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules;

/// <summary>Rules and their tables on disk.</summary>
internal sealed class RuleStore(Database database)
{
    public static MigrationSet Migrations { get; } = new("rules",
    [
        """
        CREATE TABLE rule (name TEXT PRIMARY KEY, definition BLOB NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_table (
            name TEXT PRIMARY KEY, hash_key TEXT NOT NULL, hash_type TEXT NOT NULL, range_key TEXT, range_type TEXT,
            created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_table_row (
            name TEXT NOT NULL, hash, range, document BLOB NOT NULL, PRIMARY KEY (name, hash, range)) WITHOUT ROWID;
        """,
        "CREATE TABLE rule_state (name TEXT PRIMARY KEY, position INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;",
        """
        CREATE TABLE rule_destination (
            arn TEXT PRIMARY KEY, url TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, token TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_role (name TEXT PRIMARY KEY, document TEXT) WITHOUT ROWID;
        ALTER TABLE rule_table ADD COLUMN ttl_member TEXT;
        ALTER TABLE rule_table ADD COLUMN indexes TEXT NOT NULL DEFAULT '';
        """,
        """
        CREATE TABLE rule_secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_dead_letter (
            id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, place TEXT NOT NULL, action TEXT NOT NULL, resource TEXT NOT NULL, topic TEXT NOT NULL, error TEXT NOT NULL,
            code TEXT NOT NULL, attempts INTEGER NOT NULL, stored_at INTEGER NOT NULL, given_up_at INTEGER NOT NULL, record BLOB NOT NULL);
        CREATE INDEX rule_dead_letter_of_rule ON rule_dead_letter (rule, id);
        """,
        """
        CREATE TABLE rule_queue (name TEXT PRIMARY KEY, visibility_ms INTEGER NOT NULL, delay_ms INTEGER NOT NULL, max_receives INTEGER NOT NULL, retention_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_queue_message (
            id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, body BLOB NOT NULL, message_group TEXT, deduplication TEXT, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL,
            receives INTEGER NOT NULL, is_dead INTEGER NOT NULL, is_done INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX rule_queue_message_of_queue ON rule_queue_message (queue, is_dead, is_done, id);
        CREATE INDEX rule_queue_message_twice ON rule_queue_message (queue, deduplication, sent_at) WHERE deduplication IS NOT NULL;
        CREATE TABLE rule_stream (name TEXT PRIMARY KEY, partitions INTEGER NOT NULL, retention_ms INTEGER NOT NULL, max_bytes INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_stream_consumer (stream TEXT NOT NULL, consumer TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (stream, consumer)) WITHOUT ROWID;
        CREATE TABLE rule_series (
            id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, measure TEXT NOT NULL, dimensions TEXT NOT NULL, kind INTEGER NOT NULL, packed INTEGER NOT NULL DEFAULT -1,
            UNIQUE (db, name, measure, dimensions));
        CREATE TABLE rule_series_chunk (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, points INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE INDEX rule_series_chunk_of_series ON rule_series_chunk (series, to_time);
        CREATE TABLE rule_series_hour (
            series INTEGER NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL, sum REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, first REAL NOT NULL, last REAL NOT NULL,
            PRIMARY KEY (series, start)) WITHOUT ROWID;
        CREATE TABLE rule_alarm (name TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, changed_at INTEGER NOT NULL, acknowledged_by TEXT) WITHOUT ROWID;
        CREATE TABLE rule_alarm_event (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, before TEXT, state TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX rule_alarm_event_of_alarm ON rule_alarm_event (name, id);
        CREATE TABLE rule_subscription (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, protocol TEXT NOT NULL, endpoint TEXT NOT NULL, UNIQUE (topic, protocol, endpoint));
        """,
        """
        CREATE TABLE rule_series_shadows (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, at INTEGER NOT NULL);
        """,
    ]);

    public IReadOnlyList<Rule> Load() => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, definition, created_at FROM rule ORDER BY name";
        using var rows = command.ExecuteReader();
        var rules = new List<Rule>();
        while (rows.Read())
        {
            var name = rows.GetString(0);
            var definition = RuleJson.Parse(rows.GetFieldValue<byte[]>(1), out var error)
                ?? throw new InvalidOperationException($"the stored rule {name} cannot be read: {error!.Message}");
            rules.Add(new Rule(name, definition, DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2)), File: null));
        }
        return rules;
    });

    public Task SaveAsync(Rule rule) => database.WriteAsync(connection => Execute(connection, """
        INSERT INTO rule (name, definition, created_at) VALUES ($name, $definition, $created)
        ON CONFLICT (name) DO UPDATE SET definition = excluded.definition
        """, ("$name", rule.Name), ("$definition", RuleJson.Write(rule.Definition)), ("$created", rule.CreatedAt.ToUnixTimeMilliseconds())));

    public Task DeleteAsync(string name) => database.WriteAsync(connection => Execute(connection, "DELETE FROM rule WHERE name = $name", ("$name", name)));

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
