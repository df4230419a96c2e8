using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Rules.Alarms;

/// <inheritdoc cref="IAlarms"/>
internal sealed class AlarmStore(Database database, IMessageBus bus, TimeProvider time) : IAlarms
{
    private const int MostEvents = 1000; // of one alarm

    public IReadOnlyList<Alarm> All => database.Read(static connection => connection.Rows(
        "SELECT name, state, reason, changed_at, acknowledged_by FROM rule_alarm ORDER BY name", static row => new Alarm(row.GetString(0), row.GetString(1), row.GetString(2), row.Time(3), row.Text(4))));

    public IReadOnlyList<AlarmEvent> History(string? name, int limit) => database.Read(connection => connection.Rows(
        "SELECT name, before, state, reason, at FROM rule_alarm_event WHERE $name IS NULL OR name = $name ORDER BY id DESC LIMIT $limit",
        static row => new AlarmEvent(row.GetString(0), row.Text(1), row.GetString(2), row.GetString(3), row.Time(4)), ("$name", name), ("$limit", Math.Clamp(limit, 1, 10_000))));

    /// <summary>Sets its state; the reason of a state that stays is replaced and makes no event.</summary>
    public async Task SetAsync(string name, string state, string reason, MessageOrigin origin)
    {
        var now = time.GetUtcNow();
        var (isNew, before) = await database.WriteAsync(connection =>
        {
            var present = connection.Rows("SELECT state FROM rule_alarm WHERE name = $name", static row => row.GetString(0), ("$name", name)).FirstOrDefault();
            if (present == state)
            {
                connection.Execute("UPDATE rule_alarm SET reason = $reason WHERE name = $name", ("$name", name), ("$reason", reason));
                return (false, present);
            }
            connection.Execute(
                """
                INSERT INTO rule_alarm (name, state, reason, changed_at) VALUES ($name, $state, $reason, $now)
                ON CONFLICT (name) DO UPDATE SET state = excluded.state, reason = excluded.reason, changed_at = excluded.changed_at, acknowledged_by = NULL;
                INSERT INTO rule_alarm_event (name, before, state, reason, at) VALUES ($name, $before, $state, $reason, $now);
                DELETE FROM rule_alarm_event WHERE name = $name AND id <= (SELECT id FROM rule_alarm_event WHERE name = $name ORDER BY id DESC LIMIT 1 OFFSET $most);
                """,
                ("$name", name), ("$state", state), ("$reason", reason), ("$now", now.ToUnixTimeMilliseconds()), ("$before", present), ("$most", MostEvents));
            return (true, present);
        });
        if (!isNew)
            return;
        var payload = RuleJson.Object(writer =>
        {
            writer.WriteString("alarmName", name);
            writer.WriteString("state", state);
            writer.WriteString("before", before);
            writer.WriteString("reason", reason);
            writer.WriteNumber("timestamp", now.ToUnixTimeMilliseconds());
        });
        await bus.PublishAsync(new ApplicationMessage($"$aws/events/alarm/{name}", payload) { Origin = origin }, CancellationToken.None);
    }

    public Task<bool> AcknowledgeAsync(string name, string who) =>
        database.WriteAsync(connection => connection.Execute("UPDATE rule_alarm SET acknowledged_by = $who WHERE name = $name", ("$name", name), ("$who", who)) == 1);

    public Task<bool> DeleteAsync(string name) => database.WriteAsync(connection =>
    {
        connection.Execute("DELETE FROM rule_alarm_event WHERE name = $name", ("$name", name));
        return connection.Execute("DELETE FROM rule_alarm WHERE name = $name", ("$name", name)) == 1;
    });
}
