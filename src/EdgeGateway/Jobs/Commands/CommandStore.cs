using System.Text.Json;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Jobs.Commands;

/// <summary>The tables of commands. Times are Unix milliseconds.</summary>
internal static class CommandStore
{
    public static MigrationSet Migrations { get; } = new("commands",
    [
        """
        CREATE TABLE command (id TEXT PRIMARY KEY, command TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE command_execution (
            id TEXT PRIMARY KEY, command TEXT NOT NULL, target TEXT NOT NULL, status INTEGER NOT NULL, parameters TEXT, timeout INTEGER NOT NULL, reason TEXT, description TEXT, result TEXT,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, started_at INTEGER, completed_at INTEGER, deadline INTEGER, token TEXT) WITHOUT ROWID;
        CREATE INDEX command_execution_deadline ON command_execution (deadline) WHERE deadline IS NOT NULL;
        CREATE INDEX command_execution_created ON command_execution (created_at);
        CREATE UNIQUE INDEX command_execution_token ON command_execution (token) WHERE token IS NOT NULL;
        """,
    ]);

    private const string Columns = "id, command, target, status, parameters, timeout, reason, description, result, created_at, updated_at, started_at, completed_at";

    public static Command? Find(SqliteConnection connection, string id) =>
        connection.Query("SELECT command FROM command WHERE id = $0", static row => JsonSerializer.Deserialize(row.GetString(0), JobJson.Default.Command)!, id).SingleOrDefault();

    public static List<Command> All(SqliteConnection connection) => connection.Query("SELECT command FROM command ORDER BY id", static row => JsonSerializer.Deserialize(row.GetString(0), JobJson.Default.Command)!);

    public static void Put(SqliteConnection connection, Command command) =>
        connection.Run("INSERT OR REPLACE INTO command (id, command) VALUES ($0, $1)", command.Id, JsonSerializer.Serialize(command, JobJson.Default.Command));

    public static void Delete(SqliteConnection connection, string id) => connection.Run("DELETE FROM command WHERE id = $0", id);

    public static CommandExecution? FindExecution(SqliteConnection connection, string id) => connection.Query($"SELECT {Columns} FROM command_execution WHERE id = $0", Read, id).SingleOrDefault();

    public static CommandExecution? FindByToken(SqliteConnection connection, string token) => connection.Query($"SELECT {Columns} FROM command_execution WHERE token = $0", Read, token).SingleOrDefault();

    public static List<CommandExecution> Executions(SqliteConnection connection) => connection.Query($"SELECT {Columns} FROM command_execution ORDER BY created_at, id", Read);

    /// <summary>The clock was set: what happened in this boot gets its true time, and what waits for a moment counted from then waits for the same time to pass.</summary>
    public static void Shift(SqliteConnection connection, ClockStep step) => connection.Run("""
        UPDATE command_execution SET updated_at = updated_at + $2, completed_at = completed_at + $2,
            started_at = started_at + CASE WHEN started_at BETWEEN $0 AND $1 THEN $2 ELSE 0 END,
            deadline = deadline + CASE WHEN created_at BETWEEN $0 AND $1 THEN $2 ELSE 0 END,
            created_at = created_at + CASE WHEN created_at BETWEEN $0 AND $1 THEN $2 ELSE 0 END
        WHERE updated_at BETWEEN $0 AND $1
        """,
        step.BootedAt, step.SetAt, step.By);

    public static List<CommandExecution> Overdue(SqliteConnection connection, long now) => connection.Query($"SELECT {Columns} FROM command_execution WHERE deadline <= $0 LIMIT 500", Read, now);

    public static long? NextDeadline(SqliteConnection connection) =>
        connection.Query("SELECT min(deadline) FROM command_execution WHERE deadline IS NOT NULL", static row => row.IsDBNull(0) ? null : (long?)row.GetInt64(0)).Single();

    /// <param name="token">Of who started it; null leaves the one there is.</param>
    public static void Put(SqliteConnection connection, CommandExecution execution, string? token = null) => connection.Run("""
        INSERT INTO command_execution (id, command, target, status, parameters, timeout, reason, description, result, created_at, updated_at, started_at, completed_at, deadline, token)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (id) DO UPDATE SET status = excluded.status, reason = excluded.reason, description = excluded.description, result = excluded.result, updated_at = excluded.updated_at,
            started_at = excluded.started_at, completed_at = excluded.completed_at, deadline = excluded.deadline
        """,
        execution.Id, execution.CommandId, execution.TargetArn, (int)execution.Status, execution.Parameters, execution.TimeoutSeconds, execution.ReasonCode, execution.ReasonDescription, execution.Result,
        execution.CreatedAt, execution.UpdatedAt, execution.StartedAt, execution.CompletedAt, execution.Deadline, token);

    public static void DeleteExecution(SqliteConnection connection, string id) => connection.Run("DELETE FROM command_execution WHERE id = $0", id);

    public static void DeleteBefore(SqliteConnection connection, long createdAt) => connection.Run("DELETE FROM command_execution WHERE created_at < $0", createdAt);

    private static CommandExecution Read(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.TextOrNull(4), row.GetInt32(5), row.GetInt64(9))
    {
        Status = (CommandStatus)row.GetInt32(3), ReasonCode = row.TextOrNull(6), ReasonDescription = row.TextOrNull(7), Result = row.TextOrNull(8), UpdatedAt = row.GetInt64(10), StartedAt = row.NumberOrNull(11), CompletedAt = row.NumberOrNull(12),
    };
}
