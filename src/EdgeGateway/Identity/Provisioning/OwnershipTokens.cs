using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Storage;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>
/// certificateOwnershipToken (AWS guide: Device provisioning): opaque, bound to the certificate and to the principal that asked, one use, an hour. Kept as hashes.
/// </summary>
internal sealed class OwnershipTokens(Database database, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public async Task<string> IssueAsync(string certificateId, string principalId)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)).Replace('+', '-').Replace('/', '_');
        await database.WriteAsync(connection => connection.Execute(
            "INSERT INTO identity_ownership (token_hash, certificate, principal, expires) VALUES ($hash, $certificate, $principal, $expires)",
            ("$hash", Hash(token)), ("$certificate", certificateId), ("$principal", principalId), ("$expires", (time.GetUtcNow() + Life).ToUnixTimeMilliseconds())));
        return token;
    }

    /// <summary>Tokens neither used nor ended.</summary>
    public long Count() => database.Read(connection => (long)connection.Scalar("SELECT count(*) FROM identity_ownership WHERE used IS NULL AND expires > $now", ("$now", Now()))!);

    /// <returns>Null for a token that is unknown, ended, or somebody else's.</returns>
    public Ownership? Find(string token, string principalId) => database.Read(connection => connection.Query(
        "SELECT certificate, used FROM identity_ownership WHERE token_hash = $hash AND principal = $principal AND expires > $now",
        row => new Ownership(row.GetString(0), row.Text(1)), ("$hash", Hash(token)), ("$principal", principalId), ("$now", Now()))).SingleOrDefault();

    /// <param name="used">What it was used for and the answer, so that the same request again gets the same answer.</param>
    public Task UseAsync(string token, string used) => database.WriteAsync(connection =>
        connection.Execute("UPDATE identity_ownership SET used = $used WHERE token_hash = $hash", ("$used", used), ("$hash", Hash(token))));

    /// <summary>Forgets ended tokens.</summary>
    /// <returns>Certificates whose token ended unused.</returns>
    public Task<List<string>> TakeEndedAsync() => database.WriteAsync(connection =>
    {
        var unused = connection.Query("SELECT certificate FROM identity_ownership WHERE expires <= $now AND used IS NULL", row => row.GetString(0), ("$now", Now()));
        connection.Execute("DELETE FROM identity_ownership WHERE expires <= $now", ("$now", Now()));
        return unused;
    });

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
