using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Search;

/// <summary>What the fleet index keeps on disk: its settings, fleet metrics, and who was connected when. The index itself is built at each start.</summary>
internal sealed class SearchStore(Database database)
{
    /// <summary>Times are Unix milliseconds.</summary>
    public static MigrationSet Migrations { get; } = new("search",
    [
        """
        CREATE TABLE search_settings (one INTEGER PRIMARY KEY CHECK (one = 1), settings TEXT NOT NULL);
        CREATE TABLE search_connectivity (thing TEXT PRIMARY KEY, connected INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT) WITHOUT ROWID;
        CREATE TABLE fleet_metric (
            name TEXT PRIMARY KEY, index_name TEXT NOT NULL, query TEXT NOT NULL, query_version TEXT NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, kind_values TEXT NOT NULL,
            period INTEGER NOT NULL, description TEXT, unit TEXT, version INTEGER NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL) WITHOUT ROWID;
        """,
    ]);

    /// <summary>Null until they were set.</summary>
    public IndexSettings? Settings() => database.Read(static connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT settings FROM search_settings";
        return command.ExecuteScalar() is string settings ? IndexSettingsJson.Read(settings) : null;
    });

    public Task SaveAsync(IndexSettings settings) => database.WriteAsync(connection =>
        Run(connection, "INSERT OR REPLACE INTO search_settings (one, settings) VALUES (1, $0)", IndexSettingsJson.Write(settings)));

    public IReadOnlyList<(string Thing, Connectivity State)> Connectivities() => database.Read(static connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT thing, connected, at, reason FROM search_connectivity";
        using var rows = command.ExecuteReader();
        var all = new List<(string, Connectivity)>();
        while (rows.Read())
            all.Add((rows.GetString(0), new(rows.GetBoolean(1), rows.GetInt64(2), rows.IsDBNull(3) ? null : rows.GetString(3))));
        return all;
    });

    /// <param name="states">Null: forget it.</param>
    public Task SaveAsync(IReadOnlyCollection<(string Thing, Connectivity? State)> states) => database.WriteAsync(connection =>
    {
        foreach (var (thing, state) in states)
            if (state is null)
                Run(connection, "DELETE FROM search_connectivity WHERE thing = $0", thing);
            else
                Run(connection, "INSERT OR REPLACE INTO search_connectivity (thing, connected, at, reason) VALUES ($0, $1, $2, $3)", thing, state.Connected, state.Timestamp, state.DisconnectReason);
    });

    public IReadOnlyList<FleetMetric> Metrics() => database.Read(static connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, index_name, query, query_version, field, kind, kind_values, period, description, unit, version, created_at, modified_at FROM fleet_metric ORDER BY name";
        using var rows = command.ExecuteReader();
        var all = new List<FleetMetric>();
        while (rows.Read())
            all.Add(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), new(rows.GetString(5), rows.GetString(6).Split(',', StringSplitOptions.RemoveEmptyEntries)),
                rows.GetInt32(7), Text(rows, 8), Text(rows, 9), rows.GetInt64(10), rows.GetInt64(11), rows.GetInt64(12)));
        return all;
    });

    public Task SaveAsync(FleetMetric metric) => database.WriteAsync(connection => Run(
        connection,
        """
        INSERT OR REPLACE INTO fleet_metric (name, index_name, query, query_version, field, kind, kind_values, period, description, unit, version, created_at, modified_at)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        metric.Name, metric.IndexName, metric.QueryString, metric.QueryVersion, metric.Field, metric.Aggregation.Name, string.Join(',', metric.Aggregation.Values),
        metric.Period, metric.Description, metric.Unit, metric.Version, metric.CreatedAt, metric.ModifiedAt));

    public Task DeleteMetricAsync(string name) => database.WriteAsync(connection => Run(connection, "DELETE FROM fleet_metric WHERE name = $0", name));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
        command.ExecuteNonQuery();
    }
}
