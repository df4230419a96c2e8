using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Credentials;

/// <summary>A secret has 256 random bits, so a plain SHA-256 of it is as good as a slow hash, and found by an index.</summary>
internal sealed class BearerTokenStore(Database database, AuditLog audit, IClockFloor clock) : IBearerTokens
{
    private const string Prefix = "egt_";                              // tells people and secret scanners what it is
    private const string IdAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3653);

    public static MigrationSet Migrations { get; } = new("identity-tokens",
    [
        """
        CREATE TABLE identity_bearer_token (
            id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, owner TEXT NOT NULL, role TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
        """,
    ]);

    public async Task<(BearerToken Token, string Secret)> CreateAsync(string owner, Role role, TimeSpan lifetime, string actor)
    {
        CredentialRules.RequireName(owner);
        if (lifetime < Shortest || lifetime > Longest)
            throw new IdentityException(IdentityError.InvalidRequest, $"the lifetime is {lifetime.TotalMinutes:0} minutes, allowed are 1 minute to 10 years");
        var now = clock.Now;
        var token = new BearerToken(RandomNumberGenerator.GetString(IdAlphabet, 8), owner, role, now, now + lifetime);
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await database.WriteAsync(connection =>
        {
            connection.Execute(
                "INSERT INTO identity_bearer_token (id, hash, owner, role, created, expires) VALUES ($id, $hash, $owner, $role, $created, $expires)",
                ("$id", token.Id), ("$hash", Hash(secret)), ("$owner", owner), ("$role", role.ToWire()),
                ("$created", token.Created.ToUnixTimeMilliseconds()), ("$expires", token.Expires.ToUnixTimeMilliseconds()));
            audit.Append(connection, actor, "access-token.create", token.Id, $"{owner}, {role.ToWire()}");
        });
        return (token, secret);
    }

    public Task DeleteAsync(string id, string actor) => database.WriteAsync(connection =>
    {
        if (connection.Execute("DELETE FROM identity_bearer_token WHERE id = $id", ("$id", id)) == 0)
            throw IdentityException.NotFound("access token", id);
        audit.Append(connection, actor, "access-token.delete", id);
    });

    public IReadOnlyList<BearerToken> List() =>
        database.Read(connection => connection.Query("SELECT id, owner, role, created, expires FROM identity_bearer_token ORDER BY created, id", ToToken));

    public BearerToken? Find(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var found = database.Read(connection => connection.Query(
            "SELECT id, owner, role, created, expires FROM identity_bearer_token WHERE hash = $hash", ToToken, ("$hash", Hash(secret))));
        return found is [var token] && token.Expires > clock.Now ? token : null;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static BearerToken ToToken(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), Roles.TryParse(row.GetString(2), out var role) ? role : throw new InvalidDataException($"identity_bearer_token: role {row.GetString(2)}"), row.Time(3), row.Time(4));
}
