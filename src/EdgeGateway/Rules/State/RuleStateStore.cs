using EdgeGateway.Rules.Sql;
using EdgeGateway.Storage;

namespace EdgeGateway.Rules.State;

/// <summary>States of rules that remember something, on disk.</summary>
internal sealed class RuleStateStore(Database database)
{
    /// <param name="Position">Of the last message in it, in the journal.</param>
    public readonly record struct Saved(long Position, SqlValue State);

    public Saved? Load(string rule) => database.Read<Saved?>(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT position, state FROM rule_state WHERE name = $name";
        command.Parameters.AddWithValue("$name", rule);
        using var rows = command.ExecuteReader();
        if (!rows.Read())
            return null;
        return new Saved(rows.GetInt64(0), SqlJson.TryParse(rows.GetFieldValue<byte[]>(1), SqlVersion.Edge1, out var state) ? state : default);
    });

    public Task SaveAsync(string rule, long position, byte[] state) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO rule_state (name, position, state) VALUES ($name, $position, $state)
            ON CONFLICT (name) DO UPDATE SET position = excluded.position, state = excluded.state
            """;
        command.Parameters.AddWithValue("$name", rule);
        command.Parameters.AddWithValue("$position", position);
        command.Parameters.AddWithValue("$state", state);
        command.ExecuteNonQuery();
    });

    public Task DeleteAsync(string rule) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM rule_state WHERE name = $name";
        command.Parameters.AddWithValue("$name", rule);
        command.ExecuteNonQuery();
    });
}
