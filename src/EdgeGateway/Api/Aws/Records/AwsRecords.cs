using System.Text.Json.Nodes;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Api.Aws.Records;

/// <summary>Keeps records by kind and name. Answers come after the write is on disk.</summary>
internal sealed class AwsRecords(Database database, TimeProvider time)
{
    public static MigrationSet Migrations { get; } = new("aws",
    [
        """
        CREATE TABLE aws_record (
            kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
        """,
    ]);

    public AwsRecord? Find(string kind, string name) => database.Read(connection => Find(connection, kind, name));

    /// <summary>In ordinal order of their names.</summary>
    public IReadOnlyList<AwsRecord> List(string kind) => database.Read(connection =>
    {
        using var command = Command(connection, "SELECT name, document, created, modified FROM aws_record WHERE kind = $kind ORDER BY name", kind, name: null);
        using var reader = command.ExecuteReader();
        var records = new List<AwsRecord>();
        while (reader.Read())
            records.Add(Read(reader));
        return records;
    });

    /// <returns>False: there is one of that name.</returns>
    public Task<bool> TryAddAsync(string kind, string name, JsonObject document)
    {
        var (text, now) = (document.ToJsonString(), time.GetUtcNow().ToUnixTimeMilliseconds());
        return database.WriteAsync(connection =>
        {
            using var command = Command(connection, "INSERT OR IGNORE INTO aws_record (kind, name, document, created, modified) VALUES ($kind, $name, $document, $now, $now)", kind, name);
            command.Parameters.AddWithValue("$document", text);
            command.Parameters.AddWithValue("$now", now);
            return command.ExecuteNonQuery() == 1;
        });
    }

    /// <param name="change">Works on the document as it is then, on the storage writer.</param>
    /// <returns>False: there is none of that name.</returns>
    public Task<bool> ChangeAsync(string kind, string name, Action<JsonObject> change)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.WriteAsync(connection =>
        {
            if (Find(connection, kind, name) is not { } record)
                return false;
            change(record.Document);
            using var command = Command(connection, "UPDATE aws_record SET document = $document, modified = $now WHERE kind = $kind AND name = $name", kind, name);
            command.Parameters.AddWithValue("$document", record.Document.ToJsonString());
            command.Parameters.AddWithValue("$now", now);
            return command.ExecuteNonQuery() == 1;
        });
    }

    /// <returns>False: there was none of that name.</returns>
    public Task<bool> DeleteAsync(string kind, string name) => database.WriteAsync(connection =>
    {
        using var command = Command(connection, "DELETE FROM aws_record WHERE kind = $kind AND name = $name", kind, name);
        return command.ExecuteNonQuery() == 1;
    });

    private static AwsRecord? Find(SqliteConnection connection, string kind, string name)
    {
        using var command = Command(connection, "SELECT name, document, created, modified FROM aws_record WHERE kind = $kind AND name = $name", kind, name);
        using var reader = command.ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    private static AwsRecord Read(SqliteDataReader row) =>
        new(row.GetString(0), JsonNode.Parse(row.GetString(1))!.AsObject(), row.GetInt64(2), row.GetInt64(3));

    private static SqliteCommand Command(SqliteConnection connection, string sql, string kind, string? name)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$kind", kind);
        if (name is not null)
            command.Parameters.AddWithValue("$name", name);
        return command;
    }
}
