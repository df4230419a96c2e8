using EdgeGateway.Rules.Actions;
using EdgeGateway.Storage;

namespace EdgeGateway.Rules.Delivery;

/// <summary>What was given up, in the database: few enough to be looked at, the oldest go first.</summary>
internal sealed class DeadLetters(Database database, TimeProvider time)
{
    private const int MostOfARule = 10_000;
    private const string Columns = "id, rule, place, action, resource, topic, error, code, attempts, stored_at, given_up_at, length(record)";

    public Task AddAsync(DeliveryName name, DeliveryItem item, byte[] record, RuleActionFailure failure, string error, int attempts) => database.WriteAsync(connection =>
    {
        connection.Execute(
            """
            INSERT INTO rule_dead_letter (rule, place, action, resource, topic, error, code, attempts, stored_at, given_up_at, record)
            VALUES ($rule, $place, $action, $resource, $topic, $error, $code, $attempts, $stored, $now, $record);
            DELETE FROM rule_dead_letter WHERE rule = $rule AND id <= (SELECT max(id) FROM rule_dead_letter) - $most;
            """,
            ("$rule", name.Rule), ("$place", name.Place), ("$action", name.Action), ("$resource", failure.Resource), ("$topic", item.Topic), ("$error", error), ("$code", failure.Code),
            ("$attempts", attempts), ("$stored", item.StoredAt), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()), ("$record", record), ("$most", MostOfARule));
    });

    public IReadOnlyList<DeadLetter> List(string? rule, int limit) => database.Read(connection => connection.Rows(
        $"SELECT {Columns} FROM rule_dead_letter WHERE $rule IS NULL OR rule = $rule ORDER BY id DESC LIMIT $limit",
        static row => new DeadLetter(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetInt32(8), row.Time(9), row.Time(10), row.GetInt32(11)),
        ("$rule", rule), ("$limit", Math.Clamp(limit, 1, MostOfARule))));

    /// <summary>Oldest first, with what was stored of them.</summary>
    public IReadOnlyList<(long Id, DeliveryName Name, byte[] Record)> Records(long? id, string? rule) => database.Read(connection => connection.Rows(
        "SELECT id, rule, place, action, record FROM rule_dead_letter WHERE ($rule IS NULL OR rule = $rule) AND ($id IS NULL OR id = $id) ORDER BY id",
        static row => (row.GetInt64(0), new DeliveryName(row.GetString(1), row.GetString(2), row.GetString(3)), row.GetFieldValue<byte[]>(4)), ("$rule", rule), ("$id", id)));

    public Task<int> DeleteAsync(long? id, string? rule) => database.WriteAsync(connection =>
        connection.Execute("DELETE FROM rule_dead_letter WHERE ($rule IS NULL OR rule = $rule) AND ($id IS NULL OR id = $id)", ("$rule", rule), ("$id", id)));
}
