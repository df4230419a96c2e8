using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Roles;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Secrets;

/// <inheritdoc cref="ISecrets"/>
internal sealed class SecretStore : ISecrets
{
    public const int MaxBytes = 65_536; // Secrets Manager's limit
    private readonly Database _database;
    private readonly SecretBox _box;
    private readonly IRuleRoles _roles;
    private readonly RulesOptions _options;
    private readonly TimeProvider _time;
    private ImmutableSortedDictionary<string, Known> _secrets;

    public SecretStore(Database database, SecretBox box, IRuleRoles roles, RulesOptions options, TimeProvider time)
    {
        (_database, _box, _roles, _options, _time) = (database, box, roles, options, time);
        _secrets = database.Read(Load);
        Hide();
    }

    /// <param name="Value">Null: sealed with a key that is no longer there.</param>
    private sealed record Known(byte[]? Value, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    public IReadOnlyList<SecretInfo> All => [.. _secrets.Select(static secret => new SecretInfo(secret.Key, secret.Value.CreatedAt, secret.Value.UpdatedAt))];

    public async Task<RuleError?> SetAsync(string name, ReadOnlyMemory<byte> value)
    {
        if (!IsValidName(name))
            return new(RuleErrorKind.InvalidRequest, $"{name} is not a name for a secret: 1 to 512 letters, digits and /_+=.@-");
        if (value.Length is 0 or > MaxBytes)
            return new(RuleErrorKind.InvalidRequest, $"a secret has 1 to {MaxBytes} bytes");
        var now = _time.GetUtcNow();
        var known = new Known(value.ToArray(), _secrets.GetValueOrDefault(name)?.CreatedAt ?? now, now);
        var sealedValue = _box.Seal(value.Span);
        await _database.WriteAsync(connection => connection.Execute(
            """
            INSERT INTO rule_secret (name, sealed, created_at, updated_at) VALUES ($name, $sealed, $created, $updated)
            ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at
            """,
            ("$name", name), ("$sealed", sealedValue), ("$created", known.CreatedAt.ToUnixTimeMilliseconds()), ("$updated", known.UpdatedAt.ToUnixTimeMilliseconds())));
        ImmutableInterlocked.Update(ref _secrets, static (all, set) => all.SetItem(set.Name, set.Known), (Name: name, Known: known));
        Hide();
        return null;
    }

    public async Task<RuleError?> RemoveAsync(string name)
    {
        if (!_secrets.ContainsKey(name))
            return new(RuleErrorKind.NotFound, $"there is no secret {name}");
        await _database.WriteAsync(connection => connection.Execute("DELETE FROM rule_secret WHERE name = $name", ("$name", name)));
        ImmutableInterlocked.Update(ref _secrets, static (all, removed) => all.Remove(removed), name);
        Hide();
        return null;
    }

    /// <summary>Its value under a role.</summary>
    /// <param name="secretId">A name, or an ARN with or without the six characters that AWS puts behind the name.</param>
    /// <returns>The value, or null and why.</returns>
    public byte[]? Read(string secretId, string? role, out string? refusal)
    {
        var name = NameOf(secretId);
        refusal = _roles.Refusal(role, "secretsmanager:GetSecretValue", $"arn:aws:secretsmanager:{_options.Region}:{_options.AccountId}:secret:{name}");
        if (refusal is not null)
            return null;
        if (_secrets.GetValueOrDefault(name) is not { } known)
            refusal = $"there is no secret {name}: make it with 'edgegateway secret set {name}'";
        else if (known.Value is null)
            refusal = $"the secret {name} was sealed with another key: set it again";
        return refusal is null ? _secrets[name].Value : null;
    }

    /// <summary>Its value as text, for the gateway's own use; no role is asked.</summary>
    /// <returns>The value, or null and why.</returns>
    public string? ReadOwn(string name, out string? refusal)
    {
        var value = _secrets.GetValueOrDefault(name)?.Value;
        refusal = value is null ? $"there is no secret {name}: make it with 'edgegateway secret set {name}'" : null;
        return value is null ? null : Encoding.UTF8.GetString(value).TrimEnd('\n');
    }

    private static bool IsValidName(string name) => name.Length is >= 1 and <= 512 && name.All(static c => char.IsAsciiLetterOrDigit(c) || "/_+=.@-".Contains(c));

    private string NameOf(string secretId)
    {
        var at = secretId.IndexOf(":secret:", StringComparison.Ordinal);
        var name = at < 0 ? secretId : secretId[(at + ":secret:".Length)..];
        return at >= 0 && !_secrets.ContainsKey(name) && name.Length > 7 && name[^7] == '-' ? name[..^7] : name;
    }

    private void Hide() => _box.Hide(_secrets.Values.Where(static known => known.Value is not null).SelectMany(static known => Words(known.Value!)));

    // The whole, and where it is a JSON object each text in it.
    private static IEnumerable<string> Words(byte[] value)
    {
        var text = Encoding.UTF8.GetString(value);
        var words = new List<string> { text, Convert.ToBase64String(value) };
        try
        {
            using var document = JsonDocument.Parse(value);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                words.AddRange(document.RootElement.EnumerateObject().Where(static member => member.Value.ValueKind == JsonValueKind.String && IsSecretMember(member.Name)).Select(static member => member.Value.GetString()!));
        }
        catch (JsonException)
        {
            // no JSON: the whole is the word
        }
        return words;
    }

    // A user's name stands in many a text and is none.
    private static bool IsSecretMember(string name) => name is not ("username" or "user" or "host" or "engine");

    private ImmutableSortedDictionary<string, Known> Load(SqliteConnection connection) => connection.Rows(
        "SELECT name, sealed, created_at, updated_at FROM rule_secret", row => (Name: row.GetString(0), Known: new Known(_box.Open(row.GetFieldValue<byte[]>(1)), row.Time(2), row.Time(3))))
        .ToImmutableSortedDictionary(static secret => secret.Name, static secret => secret.Known, StringComparer.Ordinal);
}
