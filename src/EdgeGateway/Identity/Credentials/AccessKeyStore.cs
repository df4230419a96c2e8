using System.Text;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Credentials;

internal sealed class AccessKeyStore(Database database, MachineKey machineKey, AuditLog audit, TimeProvider time) : IAccessKeys
{
    public async Task<(AccessKey Key, string Secret)> CreateAsync(string owner, Role role, string actor)
    {
        CredentialRules.RequireName(owner);
        var (id, secret) = AccessKeyText.New("AKIA");
        var key = new AccessKey(id, owner, role, time.GetUtcNow());
        var kept = machineKey.Seal(Encoding.ASCII.GetBytes(secret));
        await database.WriteAsync(connection =>
        {
            connection.Execute(
                "INSERT INTO identity_access_key (id, owner, role, secret, created) VALUES ($id, $owner, $role, $secret, $now)",
                ("$id", key.Id), ("$owner", owner), ("$role", role.ToWire()), ("$secret", kept), ("$now", key.Created.ToUnixTimeMilliseconds()));
            audit.Append(connection, actor, "access-key.create", key.Id, $"{owner}, {role.ToWire()}");
        });
        return (key, secret);
    }

    public Task DeleteAsync(string id, string actor) => database.WriteAsync(connection =>
    {
        if (connection.Execute("DELETE FROM identity_access_key WHERE id = $id", ("$id", id)) == 0)
            throw IdentityException.NotFound("access key", id);
        audit.Append(connection, actor, "access-key.delete", id);
    });

    public IReadOnlyList<AccessKey> List() =>
        database.Read(connection => connection.Query("SELECT id, owner, role, created FROM identity_access_key ORDER BY created, id", ToKey));

    public (AccessKey Key, string Secret)? FindWithSecret(string id)
    {
        var found = database.Read(connection => connection.Query(
            "SELECT id, owner, role, created, secret FROM identity_access_key WHERE id = $id",
            row => (Key: ToKey(row), Secret: row.GetFieldValue<byte[]>(4)), ("$id", id)));
        return found is [var (key, secret)] ? (key, Encoding.ASCII.GetString(machineKey.Open(secret))) : null;
    }

    private static AccessKey ToKey(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), Roles.TryParse(row.GetString(2), out var role) ? role : throw new InvalidDataException($"identity_access_key: role {row.GetString(2)}"), row.Time(3));
}
