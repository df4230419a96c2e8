using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Authorizers;

internal sealed class CustomAuthorizerStore(Database database, IdentityArns arns, AuditLog audit, TimeProvider time) : ICustomAuthorizers
{
    private const string DefaultSetting = "default-authorizer";
    private const string Columns = "name, function_arn, token_key_name, signing_keys, active, signing_disabled, caches_for_http, created, modified";

    public async Task<CustomAuthorizer> CreateAsync(CustomAuthorizer wanted, string actor)
    {
        Check(wanted);
        await database.WriteAsync(connection =>
        {
            if (Find(connection, wanted.Name) is not null)
                throw new IdentityException(IdentityError.ResourceAlreadyExists, $"authorizer {wanted.Name} exists") { ResourceId = wanted.Name, ResourceArn = arns.Authorizer(wanted.Name) };
            Write(connection, wanted, created: Now());
            audit.Append(connection, actor, "authorizer.create", arns.Authorizer(wanted.Name));
        });
        return Required(wanted.Name);
    }

    public async Task<CustomAuthorizer> UpdateAsync(string name, CustomAuthorizerUpdate update, string actor)
    {
        await database.WriteAsync(connection =>
        {
            var before = Find(connection, name) ?? throw IdentityException.NotFound("authorizer", name);
            var next = before with
            {
                FunctionArn = update.FunctionArn ?? before.FunctionArn,
                TokenKeyName = update.TokenKeyName ?? before.TokenKeyName,
                SigningKeys = update.SigningKeys ?? before.SigningKeys,
                Active = update.Active ?? before.Active,
                CachesForHttp = update.CachesForHttp ?? before.CachesForHttp,
            };
            Check(next);
            Write(connection, next, before.Created.ToUnixTimeMilliseconds());
            audit.Append(connection, actor, "authorizer.update", arns.Authorizer(name));
        });
        return Required(name);
    }

    public Task DeleteAsync(string name, string actor) => database.WriteAsync(connection =>
    {
        var authorizer = Find(connection, name) ?? throw IdentityException.NotFound("authorizer", name);
        if (authorizer.Active)
            throw new IdentityException(IdentityError.DeleteConflict, $"authorizer {name} is ACTIVE: deactivate it first");
        if (IdentitySettings.Read(connection, DefaultSetting) == name)
            throw new IdentityException(IdentityError.DeleteConflict, $"authorizer {name} is the default");
        connection.Execute("DELETE FROM identity_authorizer WHERE name = $name", ("$name", name));
        audit.Append(connection, actor, "authorizer.delete", arns.Authorizer(name));
    });

    public Task SetDefaultAsync(string? name, string actor) => database.WriteAsync(connection =>
    {
        if (name is null)
        {
            if (IdentitySettings.Read(connection, DefaultSetting) is null)
                throw new IdentityException(IdentityError.ResourceNotFound, "there is no default authorizer");
            IdentitySettings.Delete(connection, DefaultSetting);
        }
        else
        {
            if (Find(connection, name) is null)
                throw IdentityException.NotFound("authorizer", name);
            IdentitySettings.Write(connection, DefaultSetting, name);
        }
        audit.Append(connection, actor, "authorizer.default", name is null ? "-" : arns.Authorizer(name));
    });

    public CustomAuthorizer? Find(string name) => database.Read(connection => Find(connection, name));

    public CustomAuthorizer? Default => database.Read(connection => IdentitySettings.Read(connection, DefaultSetting) is { } name ? Find(connection, name) : null);

    public IReadOnlyList<CustomAuthorizer> List() => database.Read(connection => connection.Query($"SELECT {Columns} FROM identity_authorizer ORDER BY name", ToAuthorizer));

    private static void Check(CustomAuthorizer authorizer)
    {
        if (authorizer.Name.Length is 0 or > 128 || !authorizer.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '=' or ',' or '@' or '-'))
            throw Invalid($"'{authorizer.Name}' is no authorizer name: expected 1 to 128 of letters, digits and _=,@-");
        if (authorizer.Function.Length == 0)
            throw Invalid("authorizerFunctionArn is empty: its last part names a function of identity.functions");
        if (authorizer.SigningDisabled)
            return;
        if (authorizer.TokenKeyName is not { Length: > 0 })
            throw Invalid("tokenKeyName is missing: it is needed unless signing is disabled");
        if (authorizer.SigningKeys.Count == 0)
            throw Invalid("tokenSigningPublicKeys is empty: a key is needed unless signing is disabled");
        foreach (var (id, pem) in authorizer.SigningKeys)
            CheckKey(id, pem);
    }

    private static void CheckKey(string id, string pem)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw Invalid($"tokenSigningPublicKeys.{id} is no RSA public key in PEM");
        }
        if (key.KeySize < 2048)
            throw Invalid($"tokenSigningPublicKeys.{id} has {key.KeySize} bits, at least 2048 are needed");
    }

    private static IdentityException Invalid(string message) => new(IdentityError.InvalidRequest, message);

    private void Write(SqliteConnection connection, CustomAuthorizer authorizer, long created)
    {
        var keys = new JsonObject();
        foreach (var (id, pem) in authorizer.SigningKeys)
            keys[id] = pem;
        connection.Execute(
            $"INSERT OR REPLACE INTO identity_authorizer ({Columns}) VALUES ($name, $arn, $token, $keys, $active, $disabled, $caches, $created, $now)",
            ("$name", authorizer.Name), ("$arn", authorizer.FunctionArn), ("$token", authorizer.TokenKeyName), ("$keys", keys.ToJsonString()), ("$active", authorizer.Active),
            ("$disabled", authorizer.SigningDisabled), ("$caches", authorizer.CachesForHttp), ("$created", created), ("$now", Now()));
    }

    private static CustomAuthorizer? Find(SqliteConnection connection, string name) =>
        connection.Query($"SELECT {Columns} FROM identity_authorizer WHERE name = $name", ToAuthorizer, ("$name", name)).SingleOrDefault();

    private static CustomAuthorizer ToAuthorizer(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Text(2),
        JsonNode.Parse(row.GetString(3))!.AsObject().ToDictionary(static key => key.Key, static key => key.Value!.GetValue<string>(), StringComparer.Ordinal),
        row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6), row.Time(7), row.Time(8));

    private CustomAuthorizer Required(string name) => Find(name) ?? throw IdentityException.NotFound("authorizer", name);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
