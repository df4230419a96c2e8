using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Credentials;

internal sealed partial class PeopleStore(
    Database database, PasswordVerifier verifier, SignInThrottle throttle, AuditLog audit, TimeProvider time, ILogger<PeopleStore> logger) : IPeople
{
    private const string ClaimSetting = "claim-code";
    private const string ClaimedSetting = "claimed";
    private const int ClaimCharacters = 12;                          // of 32: 60 bits, against a throttle of one guess a minute
    private const string ClaimAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public string? ClaimCode => database.Read(connection => IdentitySettings.Read(connection, ClaimSetting));

    public async Task<Person> AddAsync(string name, string password, Role role, string actor)
    {
        var hash = await HashAsync(name, password);
        await database.WriteAsync(connection => Insert(connection, name, hash, role, actor));
        return Find(name) ?? throw IdentityException.NotFound("person", name);
    }

    public async Task SetPasswordAsync(string name, string password, string actor)
    {
        var hash = await HashAsync(name, password);
        await database.WriteAsync(connection =>
        {
            var changed = connection.Execute(
                "UPDATE identity_person SET hash = $hash, salt = $salt, iterations = $iterations, modified = $now WHERE name = $name",
                ("$hash", hash.Hash), ("$salt", hash.Salt), ("$iterations", hash.Iterations), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()), ("$name", name));
            if (changed == 0)
                throw IdentityException.NotFound("person", name);
            audit.Append(connection, actor, "person.password", name);
        });
    }

    public async Task RemoveAsync(string name, string actor)
    {
        await database.WriteAsync(connection =>
        {
            var role = connection.Scalar("SELECT role FROM identity_person WHERE name = $name", ("$name", name)) as string ?? throw IdentityException.NotFound("person", name);
            if (role == Role.Administrator.ToWire() && connection.Scalar("SELECT count(*) FROM identity_person WHERE role = $role", ("$role", role)) is 1L)
                throw new IdentityException(IdentityError.DeleteConflict, $"{name} is the last administrator");
            connection.Execute("DELETE FROM identity_person WHERE name = $name", ("$name", name));
            connection.Execute("DELETE FROM identity_access_key WHERE owner = $name", ("$name", name));
            audit.Append(connection, actor, "person.remove", name);
        });
    }

    public Person? Find(string name) => People("WHERE name = $name", name).SingleOrDefault();

    public IReadOnlyList<Person> List() => People("ORDER BY name", null);

    public async Task<SignInResult> SignInAsync(string name, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Remaining(address) is var wait && wait > TimeSpan.Zero)
            return new SignInResult.SlowDown(wait);
        var stored = database.Read(connection => connection.Query(
            "SELECT hash, salt, iterations FROM identity_person WHERE name = $name",
            row => new PasswordHash(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2)), ("$name", name)).SingleOrDefault());
        if (await verifier.VerifyAsync(stored, Encoding.UTF8.GetBytes(password), cancellationToken) && Find(name) is { } person)
        {
            throttle.Succeeded(address);
            return new SignInResult.Accepted(person);
        }
        throttle.Failed(address);
        LogSignInFailed(name, address);
        return new SignInResult.Refused();
    }

    public async Task<SignInResult> ClaimAsync(string code, string name, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Remaining(address) is var wait && wait > TimeSpan.Zero)
            return new SignInResult.SlowDown(wait);
        var hash = await HashAsync(name, password);
        var claimed = await database.WriteAsync(connection =>
        {
            if (IdentitySettings.Read(connection, ClaimSetting) is not { } expected || !SameCode(code, expected))
                return false;
            Insert(connection, name, hash, Role.Administrator, "claim:" + address);
            IdentitySettings.Delete(connection, ClaimSetting);
            IdentitySettings.Write(connection, ClaimedSetting, name);
            return true;
        });
        if (claimed && Find(name) is { } person)
        {
            throttle.Succeeded(address);
            return new SignInResult.Accepted(person);
        }
        throttle.Failed(address);
        LogClaimFailed(address);
        return new SignInResult.Refused();
    }

    /// <summary>Makes the claim code of a gateway that was never claimed and has no people.</summary>
    internal Task PrepareClaimAsync() => database.WriteAsync(connection =>
    {
        if (IdentitySettings.Read(connection, ClaimedSetting) is not null || IdentitySettings.Read(connection, ClaimSetting) is not null
            || connection.Scalar("SELECT 1 FROM identity_person LIMIT 1") is not null)
            return;
        var code = RandomNumberGenerator.GetString(ClaimAlphabet, ClaimCharacters);
        IdentitySettings.Write(connection, ClaimSetting, $"{code[..4]}-{code[4..8]}-{code[8..]}");
    });

    private static async Task<PasswordHash> HashAsync(string name, string password)
    {
        CredentialRules.RequireName(name);
        CredentialRules.RequirePassword(password);
        return await Task.Run(() => PasswordHash.Of(Encoding.UTF8.GetBytes(password)));
    }

    private void Insert(SqliteConnection connection, string name, PasswordHash hash, Role role, string actor)
    {
        if (connection.Scalar("SELECT 1 FROM identity_person WHERE name = $name", ("$name", name)) is not null)
            throw new IdentityException(IdentityError.ResourceAlreadyExists, $"{name} exists") { ResourceId = name };
        connection.Execute(
            "INSERT INTO identity_person (name, role, hash, salt, iterations, created, modified) VALUES ($name, $role, $hash, $salt, $iterations, $now, $now)",
            ("$name", name), ("$role", role.ToWire()), ("$hash", hash.Hash), ("$salt", hash.Salt), ("$iterations", hash.Iterations), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()));
        connection.Execute("DELETE FROM identity_setting WHERE key = $key", ("$key", ClaimSetting));       // somebody is there: no claim any more
        audit.Append(connection, actor, "person.add", name, role.ToWire());
    }

    private List<Person> People(string where, string? name) => database.Read(connection => connection.Query(
        $"SELECT name, role, created FROM identity_person {where}",
        row => new Person(row.GetString(0), Roles.TryParse(row.GetString(1), out var role) ? role : throw new InvalidDataException($"identity_person: role {row.GetString(1)}"), row.Time(2)),
        ("$name", name)));

    private static bool SameCode(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Bare(given)), Encoding.UTF8.GetBytes(Bare(expected)));

    private static string Bare(string code) => new([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);

    [LoggerMessage(3101, LogLevel.Warning, "Sign-in of {Name} from {Address} failed")]
    private partial void LogSignInFailed(string name, IPAddress? address);

    [LoggerMessage(3102, LogLevel.Warning, "Claim from {Address} failed: wrong code")]
    private partial void LogClaimFailed(IPAddress? address);
}
