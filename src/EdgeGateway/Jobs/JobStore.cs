using System.Text.Json;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Jobs;

/// <summary>The tables of the jobs. Each method is one statement, on a reader or on the storage writer inside its transaction.</summary>
internal static class JobStore
{
    /// <summary>
    /// Times are Unix milliseconds. <c>job_target</c> holds the things that have not been told yet, in the order they will be; of a thing's executions of a job
    /// the last has <c>latest</c> = 1. <c>job_installed</c> holds what succeeded and nobody has noted yet.
    /// </summary>
    public static MigrationSet Migrations { get; } = new("jobs",
    [
        """
        CREATE TABLE job (id TEXT PRIMARY KEY, status INTEGER NOT NULL, created_at INTEGER NOT NULL, job TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE job_target (number INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, thing TEXT NOT NULL, UNIQUE (job, thing));
        CREATE TABLE job_execution (
            job TEXT NOT NULL, thing TEXT NOT NULL, number INTEGER NOT NULL, status INTEGER NOT NULL, details TEXT NOT NULL, version INTEGER NOT NULL, retry INTEGER NOT NULL,
            queued_at INTEGER NOT NULL, started_at INTEGER, updated_at INTEGER NOT NULL, deadline INTEGER, step_deadline INTEGER, next_deadline INTEGER, forced INTEGER NOT NULL, latest INTEGER NOT NULL,
            PRIMARY KEY (job, thing, number)) WITHOUT ROWID;
        CREATE INDEX job_execution_of_thing ON job_execution (thing, status, queued_at);
        CREATE INDEX job_execution_of_job ON job_execution (job, latest, status);
        CREATE INDEX job_execution_deadline ON job_execution (next_deadline) WHERE next_deadline IS NOT NULL;
        CREATE TABLE job_template (id TEXT PRIMARY KEY, template TEXT NOT NULL) WITHOUT ROWID;
        """,
        "CREATE TABLE job_installed (number INTEGER PRIMARY KEY AUTOINCREMENT, thing TEXT NOT NULL, version TEXT NOT NULL)",
    ]);

    private const string Columns = "job, thing, number, status, details, version, retry, queued_at, started_at, updated_at, deadline, step_deadline, forced";

    public static Job? Find(SqliteConnection connection, string id) => connection.Query("SELECT job FROM job WHERE id = $0", ReadJob, id).SingleOrDefault();

    public static List<Job> All(SqliteConnection connection) => connection.Query("SELECT job FROM job ORDER BY id", ReadJob);

    public static List<Job> Active(SqliteConnection connection) =>
        connection.Query("SELECT job FROM job WHERE status IN ($0, $1) ORDER BY created_at, id", ReadJob, (int)JobStatus.Scheduled, (int)JobStatus.InProgress);

    public static void Put(SqliteConnection connection, Job job) => connection.Run("INSERT OR REPLACE INTO job (id, status, created_at, job) VALUES ($0, $1, $2, $3)", job.Id, (int)job.Status, job.CreatedAt, JsonSerializer.Serialize(job, JobJson.Default.Job));

    public static void Delete(SqliteConnection connection, string id)
    {
        connection.Run("DELETE FROM job WHERE id = $0", id);
        connection.Run("DELETE FROM job_target WHERE job = $0", id);
        connection.Run("DELETE FROM job_execution WHERE job = $0", id);
    }

    public static JobTemplate? FindTemplate(SqliteConnection connection, string id) => connection.Query("SELECT template FROM job_template WHERE id = $0", ReadTemplate, id).SingleOrDefault();

    public static List<JobTemplate> Templates(SqliteConnection connection) => connection.Query("SELECT template FROM job_template ORDER BY id", ReadTemplate);

    public static void Put(SqliteConnection connection, JobTemplate template) =>
        connection.Run("INSERT INTO job_template (id, template) VALUES ($0, $1)", template.Id, JsonSerializer.Serialize(template, JobJson.Default.JobTemplate));

    public static void DeleteTemplate(SqliteConnection connection, string id) => connection.Run("DELETE FROM job_template WHERE id = $0", id);

    public static void AddTarget(SqliteConnection connection, string job, string thing) => connection.Run("INSERT OR IGNORE INTO job_target (job, thing) VALUES ($0, $1)", job, thing);

    public static List<string> Targets(SqliteConnection connection, string job, long atMost) =>
        connection.Query("SELECT thing FROM job_target WHERE job = $0 ORDER BY number LIMIT $1", static row => row.GetString(0), job, atMost);

    public static long TargetCount(SqliteConnection connection, string job) => connection.Query("SELECT count(*) FROM job_target WHERE job = $0", static row => row.GetInt64(0), job).Single();

    public static void RemoveTarget(SqliteConnection connection, string job, string thing) => connection.Run("DELETE FROM job_target WHERE job = $0 AND thing = $1", job, thing);

    public static void RemoveTargets(SqliteConnection connection, string job) => connection.Run("DELETE FROM job_target WHERE job = $0", job);

    public static void RemoveTargetEverywhere(SqliteConnection connection, string thing) => connection.Run("DELETE FROM job_target WHERE thing = $0", thing);

    /// <param name="number">Null: the last.</param>
    public static JobExecution? Find(SqliteConnection connection, string job, string thing, long? number = null) => (number is { } one
        ? connection.Query($"SELECT {Columns} FROM job_execution WHERE job = $0 AND thing = $1 AND number = $2", ReadExecution, job, thing, one)
        : connection.Query($"SELECT {Columns} FROM job_execution WHERE job = $0 AND thing = $1 ORDER BY number DESC LIMIT 1", ReadExecution, job, thing)).SingleOrDefault();

    /// <summary>Those that have not ended, in the order a device gets them: begun ones first, then by when they were queued.</summary>
    public static List<JobExecution> Pending(SqliteConnection connection, string thing, int atMost) => connection.Query($"SELECT {Columns} FROM job_execution WHERE thing = $0 AND status IN (1, 2) ORDER BY status DESC, queued_at, job LIMIT $1", ReadExecution, thing, atMost);

    public static List<JobExecution> OfThing(SqliteConnection connection, string thing) =>
        connection.Query($"SELECT {Columns} FROM job_execution WHERE thing = $0 ORDER BY job, number", ReadExecution, thing);

    /// <param name="latest">Only the last of each thing.</param>
    public static List<JobExecution> OfJob(SqliteConnection connection, string job, bool latest) =>
        connection.Query($"SELECT {Columns} FROM job_execution WHERE job = $0{(latest ? " AND latest = 1" : "")} ORDER BY thing, number", ReadExecution, job);

    public static List<JobExecution> Unended(SqliteConnection connection, string job) =>
        connection.Query($"SELECT {Columns} FROM job_execution WHERE job = $0 AND latest = 1 AND status IN (1, 2) ORDER BY thing", ReadExecution, job);

    /// <summary>How many things are in each state.</summary>
    public static Dictionary<ExecutionStatus, long> Counts(SqliteConnection connection, string job) =>
        connection.Query("SELECT status, count(*) FROM job_execution WHERE job = $0 AND latest = 1 GROUP BY status", static row => ((ExecutionStatus)row.GetInt32(0), row.GetInt64(1)), job)
            .ToDictionary(static count => count.Item1, static count => count.Item2);

    public static List<JobExecution> Overdue(SqliteConnection connection, long now, int atMost) =>
        connection.Query($"SELECT {Columns} FROM job_execution WHERE next_deadline <= $0 ORDER BY next_deadline LIMIT $1", ReadExecution, now, atMost);

    public static long? NextDeadline(SqliteConnection connection) =>
        connection.Query("SELECT min(next_deadline) FROM job_execution WHERE next_deadline IS NOT NULL", static row => row.IsDBNull(0) ? null : (long?)row.GetInt64(0)).Single();

    /// <summary>The clock was set: of executions in progress, what happened in this boot gets its true time, and what is due some time after it waits for that time.</summary>
    public static void Shift(SqliteConnection connection, ClockStep step)
    {
        connection.Run("""
            UPDATE job_execution SET updated_at = updated_at + $2, step_deadline = step_deadline + $2,
                queued_at = queued_at + CASE WHEN queued_at BETWEEN $0 AND $1 THEN $2 ELSE 0 END,
                deadline = deadline + CASE WHEN started_at BETWEEN $0 AND $1 THEN $2 ELSE 0 END,
                started_at = started_at + CASE WHEN started_at BETWEEN $0 AND $1 THEN $2 ELSE 0 END
            WHERE next_deadline IS NOT NULL AND updated_at BETWEEN $0 AND $1
            """,
            step.BootedAt, step.SetAt, step.By);
        connection.Run("UPDATE job_execution SET next_deadline = min(coalesce(deadline, step_deadline), coalesce(step_deadline, deadline)) WHERE next_deadline IS NOT NULL");
        foreach (var job in Active(connection))
            if (job.RolledOutTo is { } to && to >= step.BootedAt && to <= step.SetAt)
                Put(connection, job with { RolledOutTo = to + step.By });
    }

    public static void Put(SqliteConnection connection, JobExecution execution)
    {
        if (execution.Number > 1)
            connection.Run("UPDATE job_execution SET latest = 0 WHERE job = $0 AND thing = $1 AND number < $2", execution.JobId, execution.Thing, execution.Number);
        connection.Run("""
            INSERT INTO job_execution (job, thing, number, status, details, version, retry, queued_at, started_at, updated_at, deadline, step_deadline, next_deadline, forced, latest)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)
            ON CONFLICT (job, thing, number) DO UPDATE SET status = excluded.status, details = excluded.details, version = excluded.version, started_at = excluded.started_at,
                updated_at = excluded.updated_at, deadline = excluded.deadline, step_deadline = excluded.step_deadline, next_deadline = excluded.next_deadline, forced = excluded.forced
            """,
            execution.JobId, execution.Thing, execution.Number, (int)execution.Status, JsonSerializer.Serialize(execution.Details, JobJson.Default.IReadOnlyDictionaryStringString), execution.Version,
            execution.RetryAttempt, execution.QueuedAt, execution.StartedAt, execution.UpdatedAt, execution.Deadline, execution.StepDeadline, execution.NextDeadline, execution.ForceCanceled ? 1 : 0);
    }

    public static void AddInstalled(SqliteConnection connection, string thing, string version) => connection.Run("INSERT INTO job_installed (thing, version) VALUES ($0, $1)", thing, version);

    public static List<InstalledPackage> Installed(SqliteConnection connection, int atMost) =>
        connection.Query("SELECT number, thing, version FROM job_installed ORDER BY number LIMIT $0", static row => new InstalledPackage(row.GetInt64(0), row.GetString(1), row.GetString(2)), atMost);

    public static void RemoveInstalled(SqliteConnection connection, long number) => connection.Run("DELETE FROM job_installed WHERE number <= $0", number);

    public static void Delete(SqliteConnection connection, JobExecution execution)
    {
        connection.Run("DELETE FROM job_execution WHERE job = $0 AND thing = $1 AND number = $2", execution.JobId, execution.Thing, execution.Number);
        connection.Run("UPDATE job_execution SET latest = 1 WHERE job = $0 AND thing = $1 AND number = (SELECT max(number) FROM job_execution WHERE job = $0 AND thing = $1)", execution.JobId, execution.Thing);
    }

    private static Job ReadJob(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetString(0), JobJson.Default.Job)!;

    private static JobTemplate ReadTemplate(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetString(0), JobJson.Default.JobTemplate)!;

    private static JobExecution ReadExecution(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2))
    {
        Status = (ExecutionStatus)row.GetInt32(3),
        Details = JsonSerializer.Deserialize(row.GetString(4), JobJson.Default.IReadOnlyDictionaryStringString)!,
        Version = row.GetInt64(5),
        RetryAttempt = row.GetInt32(6),
        QueuedAt = row.GetInt64(7),
        StartedAt = row.NumberOrNull(8),
        UpdatedAt = row.GetInt64(9),
        Deadline = row.NumberOrNull(10),
        StepDeadline = row.NumberOrNull(11),
        ForceCanceled = row.GetBoolean(12),
    };
}
