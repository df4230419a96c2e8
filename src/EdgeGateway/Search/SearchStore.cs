using EdgeGateway.Storage;

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
    public IndexSettings? Settings() => database.Read(static connection => connection.Query("SELECT settings FROM search_settings", static row => IndexSettingsJson.Read(row.GetString(0))).SingleOrDefault());

    public Task SaveAsync(IndexSettings settings) => database.WriteAsync(connection =>
        connection.Run("INSERT OR REPLACE INTO search_settings (one, settings) VALUES (1, $0)", IndexSettingsJson.Write(settings)));

    public IReadOnlyList<(string Thing, Connectivity State)> Connectivities() => database.Read(static connection => connection.Query(
        "SELECT thing, connected, at, reason FROM search_connectivity", static row => (row.GetString(0), new Connectivity(row.GetBoolean(1), row.GetInt64(2), row.TextOrNull(3)))));

    /// <param name="states">Null: forget it.</param>
    public Task SaveAsync(IReadOnlyCollection<(string Thing, Connectivity? State)> states) => database.WriteAsync(connection =>
    {
        foreach (var (thing, state) in states)
            if (state is null)
                connection.Run("DELETE FROM search_connectivity WHERE thing = $0", thing);
            else
                connection.Run("INSERT OR REPLACE INTO search_connectivity (thing, connected, at, reason) VALUES ($0, $1, $2, $3)", thing, state.Connected, state.Timestamp, state.DisconnectReason);
    });

    public IReadOnlyList<FleetMetric> Metrics() => database.Read(static connection => connection.Query(
        "SELECT name, index_name, query, query_version, field, kind, kind_values, period, description, unit, version, created_at, modified_at FROM fleet_metric ORDER BY name",
        static row => new FleetMetric(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), new(row.GetString(5), row.GetString(6).Split(',', StringSplitOptions.RemoveEmptyEntries)), row.GetInt32(7),
            row.TextOrNull(8), row.TextOrNull(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12))));

    public Task SaveAsync(FleetMetric metric) => database.WriteAsync(connection => connection.Run("""
        INSERT OR REPLACE INTO fleet_metric (name, index_name, query, query_version, field, kind, kind_values, period, description, unit, version, created_at, modified_at)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        metric.Name, metric.IndexName, metric.QueryString, metric.QueryVersion, metric.Field, metric.Aggregation.Name, string.Join(',', metric.Aggregation.Values),
        metric.Period, metric.Description, metric.Unit, metric.Version, metric.CreatedAt, metric.ModifiedAt));

    public Task DeleteMetricAsync(string name) => database.WriteAsync(connection => connection.Run("DELETE FROM fleet_metric WHERE name = $0", name));
}
