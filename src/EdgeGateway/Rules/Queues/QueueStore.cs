using System.Globalization;
using System.Text;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Queues;

/// <inheritdoc cref="IQueues"/>
internal sealed class QueueStore(Database database, TimeProvider time) : IQueues
{
    private const long DeduplicationMs = 300_000;
    private const string Columns = "id, body, message_group, receives, sent_at";
    private static readonly QueueInfo Defaults = new("", TimeSpan.FromSeconds(30), TimeSpan.Zero, 0, TimeSpan.FromDays(4)); // SQS's

    public IReadOnlyList<QueueInfo> All => database.Read(connection => connection.Rows(QuerySql("1"), Read, ("$now", Now)));

    public QueueInfo? Find(string name) => database.Read(connection => connection.Rows(QuerySql("queue.name = $name"), Read, ("$now", Now), ("$name", name))).FirstOrDefault();

    public async Task<RuleError?> PutAsync(QueueInfo queue)
    {
        if (!QueueInfo.IsValidName(queue.Name))
            return new(RuleErrorKind.InvalidRequest, $"{queue.Name} is not a name for a queue: 1 to 80 letters, digits, '-', '_' and '.'");
        await database.WriteAsync(connection => Put(connection, queue, replaces: true));
        return null;
    }

    public Task<RuleError?> DeleteAsync(string name) => database.WriteAsync(connection =>
    {
        connection.Execute("DELETE FROM rule_queue_message WHERE queue = $name", ("$name", name));
        return connection.Execute("DELETE FROM rule_queue WHERE name = $name", ("$name", name)) == 1 ? null : new RuleError(RuleErrorKind.NotFound, $"there is no queue {name}");
    });

    public Task SendAsync(string name, ReadOnlyMemory<byte> body, string? group = null, string? deduplicationId = null) => database.WriteAsync(connection =>
    {
        var now = Now;
        Put(connection, Defaults with { Name = name }, replaces: false);
        Thin(connection, name, now);
        using (var seen = connection.Command(
            "SELECT 1 FROM rule_queue_message WHERE queue = $queue AND deduplication = $id AND sent_at > $since", ("$queue", name), ("$id", deduplicationId), ("$since", now - DeduplicationMs)))
        {
            if (deduplicationId is not null && seen.ExecuteScalar() is not null)
                return;
        }
        connection.Execute(
            """
            INSERT INTO rule_queue_message (queue, body, message_group, deduplication, sent_at, visible_at, receives, is_dead)
            SELECT $queue, $body, $group, $id, $now, $now + delay_ms, 0, 0 FROM rule_queue WHERE name = $queue
            """,
            ("$queue", name), ("$body", body.ToArray()), ("$group", group), ("$id", deduplicationId), ("$now", now));
    });

    public Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string name, int limit, TimeSpan? visibility) => database.WriteAsync<IReadOnlyList<QueueMessage>>(connection =>
    {
        var now = Now;
        Bury(connection, name, now);
        // Of a group nothing is received while something of it is under way.
        var found = connection.Rows(
            $"""
            SELECT {Columns} FROM rule_queue_message AS m WHERE queue = $queue AND is_dead = 0 AND is_done = 0 AND visible_at <= $now
            AND (message_group IS NULL OR NOT EXISTS (
                SELECT 1 FROM rule_queue_message AS o WHERE o.queue = $queue AND o.message_group = m.message_group AND o.is_dead = 0 AND o.is_done = 0 AND o.id < m.id AND o.visible_at > $now))
            ORDER BY id LIMIT $limit
            """,
            static row => (Id: row.GetInt64(0), Body: Text(row), Group: row.Text(2), Receives: row.GetInt32(3) + 1, SentAt: row.Time(4)),
            ("$queue", name), ("$now", now), ("$limit", Math.Clamp(limit, 1, 10)));
        foreach (var message in found)
            connection.Execute(
                "UPDATE rule_queue_message SET receives = receives + 1, visible_at = $now + coalesce($visibility, (SELECT visibility_ms FROM rule_queue WHERE name = $queue)) WHERE id = $id",
                ("$id", message.Id), ("$now", now), ("$queue", name), ("$visibility", visibility is { } span ? (long)span.TotalMilliseconds : null));
        return [.. found.Select(static message => new QueueMessage(message.Id, message.Body, message.Group, string.Create(CultureInfo.InvariantCulture, $"{message.Id}.{message.Receives}"), message.Receives, message.SentAt))];
    });

    // It stays for as long as its deduplication id counts.
    public Task<bool> AcknowledgeAsync(string name, string receipt) => database.WriteAsync(connection =>
    {
        var parts = receipt.Split('.');
        if (parts.Length != 2 || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out var id) || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var receives))
            return false;
        return connection.Execute(
            "UPDATE rule_queue_message SET is_done = 1, body = x'' WHERE queue = $queue AND id = $id AND receives = $receives AND is_dead = 0 AND is_done = 0",
            ("$queue", name), ("$id", id), ("$receives", receives)) == 1;
    });

    public IReadOnlyList<QueueMessage> DeadLetters(string name, int limit) => database.Read(connection => connection.Rows(
        $"SELECT {Columns} FROM rule_queue_message WHERE queue = $queue AND is_dead = 1 ORDER BY id LIMIT $limit",
        static row => new QueueMessage(row.GetInt64(0), Text(row), row.Text(2), "", row.GetInt32(3), row.Time(4)),
        ("$queue", name), ("$limit", Math.Clamp(limit, 1, 10_000))));

    public Task<int> RedriveAsync(string name) => database.WriteAsync(connection =>
        connection.Execute("UPDATE rule_queue_message SET is_dead = 0, receives = 0, visible_at = $now WHERE queue = $queue AND is_dead = 1", ("$queue", name), ("$now", Now)));

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static string Text(SqliteDataReader row) => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1));

    private static void Put(SqliteConnection connection, QueueInfo queue, bool replaces) => connection.Execute(
        $"""
        INSERT INTO rule_queue (name, visibility_ms, delay_ms, max_receives, retention_ms) VALUES ($name, $visibility, $delay, $max, $retention) ON CONFLICT (name) DO
        {(replaces ? "UPDATE SET visibility_ms = excluded.visibility_ms, delay_ms = excluded.delay_ms, max_receives = excluded.max_receives, retention_ms = excluded.retention_ms" : "NOTHING")}
        """,
        ("$name", queue.Name), ("$visibility", (long)queue.VisibilityTimeout.TotalMilliseconds), ("$delay", (long)queue.Delay.TotalMilliseconds), ("$max", queue.MaxReceives), ("$retention", (long)queue.Retention.TotalMilliseconds));

    // What was received too often is a dead letter, what is too old goes, what is done with goes when its deduplication id no longer counts.
    private static void Bury(SqliteConnection connection, string name, long now) => connection.Execute(
        """
        UPDATE rule_queue_message SET is_dead = 1 WHERE queue = $queue AND is_done = 0 AND is_dead = 0 AND visible_at <= $now
            AND (SELECT max_receives FROM rule_queue WHERE name = $queue) > 0 AND receives >= (SELECT max_receives FROM rule_queue WHERE name = $queue);
        DELETE FROM rule_queue_message WHERE queue = $queue AND (sent_at < $now - (SELECT retention_ms FROM rule_queue WHERE name = $queue) OR (is_done = 1 AND (deduplication IS NULL OR sent_at < $now - 300000)));
        """,
        ("$queue", name), ("$now", now));

    // A queue that nobody empties: with each message that comes a few too old ones go.
    private static void Thin(SqliteConnection connection, string name, long now)
    {
        foreach (var (isDead, isDone) in ((int, int)[])[(0, 0), (0, 1), (1, 0)])
            connection.Execute(
                """
                DELETE FROM rule_queue_message WHERE id IN (SELECT id FROM rule_queue_message WHERE queue = $queue AND is_dead = $dead AND is_done = $done ORDER BY id LIMIT 4)
                    AND sent_at < $now - (SELECT retention_ms FROM rule_queue WHERE name = $queue)
                """,
                ("$queue", name), ("$dead", isDead), ("$done", isDone), ("$now", now));
    }

    private static string QuerySql(string condition) =>
        $"""
        SELECT name, visibility_ms, delay_ms, max_receives, retention_ms,
            (SELECT count(*) FROM rule_queue_message WHERE queue = name AND is_done = 0 AND is_dead = 0 AND visible_at <= $now),
            (SELECT count(*) FROM rule_queue_message WHERE queue = name AND is_done = 0 AND is_dead = 0 AND visible_at > $now),
            (SELECT count(*) FROM rule_queue_message WHERE queue = name AND is_dead = 1)
        FROM rule_queue AS queue WHERE {condition} ORDER BY name
        """;

    private static QueueInfo Read(SqliteDataReader row) =>
        new(row.GetString(0), TimeSpan.FromMilliseconds(row.GetInt64(1)), TimeSpan.FromMilliseconds(row.GetInt64(2)), row.GetInt32(3), TimeSpan.FromMilliseconds(row.GetInt64(4)))
        {
            Waiting = row.GetInt64(5),
            Hidden = row.GetInt64(6),
            DeadLetters = row.GetInt64(7),
        };
}
