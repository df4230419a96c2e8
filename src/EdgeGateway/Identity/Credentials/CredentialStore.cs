using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Credentials;

internal sealed class CredentialStore(Database database, IdentityState state, IdentityArns arns, PasswordVerifier verifier, AuditLog audit, TimeProvider time) : IDeviceCredentials
{
    private readonly byte[] _nobodyKey = RandomNumberGenerator.GetBytes(32);

    public async Task SetAsync(string userName, string password, string actor)
    {
        CredentialRules.RequireName(userName);
        CredentialRules.RequirePassword(password);
        var (hash, scram) = await Task.Run(() => (PasswordHash.Of(Encoding.UTF8.GetBytes(password)), ScramVerifier.Of(Encoding.UTF8.GetBytes(password))));
        await database.WriteAsync(connection =>
        {
            connection.Execute(
                """
                INSERT INTO identity_credential (user_name, hash, salt, iterations, created, modified) VALUES ($name, $hash, $salt, $iterations, $now, $now)
                ON CONFLICT (user_name) DO UPDATE SET hash = excluded.hash, salt = excluded.salt, iterations = excluded.iterations, modified = excluded.modified
                """,
                ("$name", userName), ("$hash", hash.Hash), ("$salt", hash.Salt), ("$iterations", hash.Iterations), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()));
            connection.Execute(
                """
                INSERT INTO identity_scram (user_name, salt, iterations, stored_key, server_key) VALUES ($name, $salt, $iterations, $stored, $server)
                ON CONFLICT (user_name) DO UPDATE SET salt = excluded.salt, iterations = excluded.iterations, stored_key = excluded.stored_key, server_key = excluded.server_key
                """,
                ("$name", userName), ("$salt", scram.Salt), ("$iterations", scram.Iterations), ("$stored", scram.StoredKey), ("$server", scram.ServerKey));
            audit.Append(connection, actor, "credential.set", arns.User(userName));
        });
    }

    public async Task RemoveAsync(string userName, string actor)
    {
        var target = arns.User(userName);
        await database.WriteAsync(connection =>
        {
            if (connection.Execute("DELETE FROM identity_credential WHERE user_name = $name", ("$name", userName)) == 0)
                throw IdentityException.NotFound("user", userName);
            connection.Execute("DELETE FROM identity_scram WHERE user_name = $name", ("$name", userName));
            connection.Execute("DELETE FROM identity_attachment WHERE target = $target", ("$target", target));
            audit.Append(connection, actor, "credential.remove", target);
        });
        state.TargetTouched(target);
    }

    public IReadOnlyList<string> List() =>
        database.Read(connection => connection.Query("SELECT user_name FROM identity_credential ORDER BY user_name", row => row.GetString(0)));

    public Task<bool> VerifyAsync(string userName, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
        verifier.VerifyAsync(database.Read(connection => Find(connection, userName)), password, cancellationToken);

    /// <summary>The SCRAM-SHA-256 verifier of a user; for a name that does not exist, or whose password was set before there was SCRAM, one that no proof fits.</summary>
    internal ScramVerifier Scram(string userName) =>
        database.Read(connection => connection.Query(
            "SELECT salt, iterations, stored_key, server_key FROM identity_scram WHERE user_name = $name",
            row => new ScramVerifier(row.GetFieldValue<byte[]>(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)), ("$name", userName)).SingleOrDefault())
        ?? ScramVerifier.Nobody(_nobodyKey, userName);

    private static PasswordHash? Find(SqliteConnection connection, string userName) => connection.Query(
        "SELECT hash, salt, iterations FROM identity_credential WHERE user_name = $name",
        row => new PasswordHash(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2)), ("$name", userName)).SingleOrDefault();
}
