using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity;

internal sealed class AuditLog(Database database, TimeProvider time) : IAuditLog
{
    public Task AppendAsync(string actor, string action, string subject, string? detail) =>
        database.WriteAsync(connection => Append(connection, actor, action, subject, detail));

    /// <summary>Within the caller's transaction.</summary>
    public void Append(SqliteConnection connection, string actor, string action, string subject, string? detail = null) =>
        connection.Execute(
            "INSERT INTO identity_audit (at, actor, action, subject, detail) VALUES ($at, $actor, $action, $subject, $detail)",
            ("$at", time.GetUtcNow().ToUnixTimeMilliseconds()), ("$actor", actor), ("$action", action), ("$subject", subject), ("$detail", detail));

    public IReadOnlyList<AuditEntry> List(long? before, int limit) => database.Read(connection => connection.Query(
        "SELECT sequence, at, actor, action, subject, detail FROM identity_audit WHERE sequence < $before ORDER BY sequence DESC LIMIT $limit",
        row => new AuditEntry(
            row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.Text(5)),
        ("$before", before ?? long.MaxValue), ("$limit", limit)));
}
