using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity;

/// <summary>Single values of identity, such as the registration code.</summary>
internal static class IdentitySettings
{
    public static string? Read(SqliteConnection connection, string key) =>
        connection.Scalar("SELECT value FROM identity_setting WHERE key = $key", ("$key", key)) as string;

    public static void Write(SqliteConnection connection, string key, string value) =>
        connection.Execute("INSERT INTO identity_setting (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value", ("$key", key), ("$value", value));

    public static void Delete(SqliteConnection connection, string key) => connection.Execute("DELETE FROM identity_setting WHERE key = $key", ("$key", key));
}
