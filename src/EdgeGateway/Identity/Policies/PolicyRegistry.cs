using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Policies;

internal sealed class PolicyRegistry(Database database, IdentityState state, IdentityArns arns, IdentityOptions options, AuditLog audit, TimeProvider time) : IPolicies
{
    private const int MaxVersions = 5;

    public async Task<PolicyVersion> CreateAsync(string name, string document, string actor)
    {
        RequireName(name);
        var parsed = Parse(document);
        await database.WriteAsync(connection => Insert(connection, name, document, actor));
        state.PolicyTouched(name);
        return Required(FindVersion(name, null), name) with { Warnings = parsed.Warnings };
    }

    public async Task<PolicyVersion> CreateVersionAsync(string name, string document, bool setAsDefault, string actor)
    {
        var parsed = Parse(document);
        var version = await database.WriteAsync(connection =>
        {
            var next = connection.Scalar("SELECT next_version FROM identity_policy WHERE name = $name", ("$name", name)) as long? ?? throw IdentityException.NotFound("policy", name);
            if (Count(connection, "SELECT count(*) FROM identity_policy_version WHERE policy = $name", name) >= MaxVersions)
                throw new IdentityException(IdentityError.VersionsLimitExceeded, $"policy {name} has {MaxVersions} versions: delete one first");
            InsertVersion(connection, name, next, document);
            connection.Execute("UPDATE identity_policy SET next_version = $next + 1 WHERE name = $name", ("$next", next), ("$name", name));
            if (setAsDefault)
                SetDefault(connection, name, next);
            audit.Append(connection, actor, "policy.create-version", arns.Policy(name), $"version {next}{(setAsDefault ? ", default" : "")}");
            return next;
        });
        state.PolicyTouched(name);
        return Required(FindVersion(name, version), name) with { Warnings = parsed.Warnings };
    }

    public async Task SetDefaultVersionAsync(string name, long version, string actor)
    {
        await database.WriteAsync(connection =>
        {
            RequireVersion(connection, name, version);
            SetDefault(connection, name, version);
            audit.Append(connection, actor, "policy.set-default-version", arns.Policy(name), $"version {version}");
        });
        state.PolicyTouched(name);
    }

    public async Task DeleteVersionAsync(string name, long version, string actor)
    {
        await database.WriteAsync(connection =>
        {
            RequireVersion(connection, name, version);
            if (connection.Scalar("SELECT 1 FROM identity_policy WHERE name = $name AND default_version = $version", ("$name", name), ("$version", version)) is not null)
                throw new IdentityException(IdentityError.DeleteConflict, $"version {version} of policy {name} is its default: set another first, or delete the policy");
            connection.Execute("DELETE FROM identity_policy_version WHERE policy = $name AND version = $version", ("$name", name), ("$version", version));
            audit.Append(connection, actor, "policy.delete-version", arns.Policy(name), $"version {version}");
        });
    }

    public async Task DeleteAsync(string name, string actor)
    {
        await database.WriteAsync(connection =>
        {
            RequirePolicy(connection, name);
            if (connection.Scalar("SELECT target FROM identity_attachment WHERE policy = $name LIMIT 1", ("$name", name)) is string target)
                throw new IdentityException(IdentityError.DeleteConflict, $"policy {name} is attached to {target}");
            if (Count(connection, "SELECT count(*) FROM identity_policy_version WHERE policy = $name", name) > 1)
                throw new IdentityException(IdentityError.DeleteConflict, $"policy {name} has versions besides the default: delete them first");
            connection.Execute("DELETE FROM identity_policy WHERE name = $name", ("$name", name));
            audit.Append(connection, actor, "policy.delete", arns.Policy(name));
        });
        state.PolicyTouched(name);
    }

    public async Task AttachAsync(string name, string target, string actor)
    {
        await database.WriteAsync(connection => Attach(connection, name, target, actor));
        state.TargetTouched(target);
    }

    public async Task DetachAsync(string name, string target, string actor)
    {
        await database.WriteAsync(connection =>
        {
            RequirePolicy(connection, name);
            if (connection.Execute("DELETE FROM identity_attachment WHERE policy = $name AND target = $target", ("$name", name), ("$target", target)) > 0)
                audit.Append(connection, actor, "policy.detach", arns.Policy(name), target);
        });
        state.TargetTouched(target);
    }

    public Policy? Find(string name) => Policies("WHERE name = $name", ("$name", name)).SingleOrDefault();

    public PolicyVersion? FindVersion(string name, long? version) =>
        Versions("WHERE v.policy = $name AND v.version = coalesce($version, p.default_version)", ("$name", name), ("$version", version)).SingleOrDefault();

    public IReadOnlyList<PolicyVersion> Versions(string name) => Versions("WHERE v.policy = $name ORDER BY v.version", ("$name", name));

    public IReadOnlyList<Policy> List() => Policies("ORDER BY created, name");

    public IReadOnlyList<string> AttachedTo(string target) => state.Snapshot.Attachments.GetValueOrDefault(target, []);

    public IReadOnlyList<string> TargetsOf(string name) => database.Read(connection => connection.Query(
        "SELECT target FROM identity_attachment WHERE policy = $name ORDER BY attached, target", row => row.GetString(0), ("$name", name)));

    /// <summary>Within the caller's transaction; the document was parsed.</summary>
    internal void Insert(SqliteConnection connection, string name, string document, string actor)
    {
        if (connection.Scalar("SELECT 1 FROM identity_policy WHERE name = $name", ("$name", name)) is not null)
            throw new IdentityException(IdentityError.ResourceAlreadyExists, $"policy {name} exists") { ResourceId = name, ResourceArn = arns.Policy(name) };
        connection.Execute(
            "INSERT INTO identity_policy (name, default_version, next_version, created, modified, generation) VALUES ($name, 1, 2, $now, $now, $generation)",
            ("$name", name), ("$now", Now()), ("$generation", Guid.NewGuid().ToString()));
        InsertVersion(connection, name, 1, document);
        audit.Append(connection, actor, "policy.create", arns.Policy(name));
    }

    /// <summary>Within the caller's transaction.</summary>
    internal void Attach(SqliteConnection connection, string name, string target, string actor)
    {
        RequirePolicy(connection, name);
        RequireTarget(connection, target);
        if (connection.Scalar("SELECT 1 FROM identity_attachment WHERE policy = $name AND target = $target", ("$name", name), ("$target", target)) is not null)
            return;
        var limit = arns.Id(target, "thinggroup") is null ? options.MaxPoliciesPerPrincipal : options.MaxPoliciesPerGroup;
        if (Count(connection, "SELECT count(*) FROM identity_attachment WHERE target = $name", target) >= limit)
            throw new IdentityException(IdentityError.LimitExceeded, $"{target} has {limit} policies, which is the limit");
        connection.Execute("INSERT INTO identity_attachment (target, policy, attached) VALUES ($target, $name, $now)", ("$target", target), ("$name", name), ("$now", Now()));
        audit.Append(connection, actor, "policy.attach", arns.Policy(name), target);
    }

    /// <exception cref="MalformedPolicyException"/>
    internal PolicyDocument Parse(string document)
    {
        if (PolicySyntax.CountedLength(document) is var length && length > options.MaxPolicyCharacters)
            throw new MalformedPolicyException(MalformedPolicyError.TooLong, "", 1, 1, $"{length} characters without white space, at most {options.MaxPolicyCharacters} are allowed");
        return PolicyDocument.Parse(document);
    }

    private static void RequireName(string name)
    {
        if (!PolicySyntax.IsPolicyName(name))
            throw new IdentityException(IdentityError.InvalidRequest, $"'{name}' is no policy name: expected 1 to 128 of letters, digits and _+=,.@-");
    }

    private static void RequirePolicy(SqliteConnection connection, string name)
    {
        if (connection.Scalar("SELECT 1 FROM identity_policy WHERE name = $name", ("$name", name)) is null)
            throw IdentityException.NotFound("policy", name);
    }

    private static void RequireVersion(SqliteConnection connection, string name, long version)
    {
        RequirePolicy(connection, name);
        if (connection.Scalar("SELECT 1 FROM identity_policy_version WHERE policy = $name AND version = $version", ("$name", name), ("$version", version)) is null)
            throw IdentityException.NotFound($"version {version} of policy", name);
    }

    /// <summary>Certificates must be registered; groups and users are taken as named, theirs is another slice's truth.</summary>
    private void RequireTarget(SqliteConnection connection, string target)
    {
        if (arns.Id(target, "cert") is { } certificate)
        {
            if (connection.Scalar("SELECT 1 FROM identity_certificate WHERE id = $id", ("$id", certificate)) is null)
                throw IdentityException.NotFound("certificate", certificate);
        }
        else if (arns.Id(target, "thinggroup") is null && arns.Id(target, "user") is null)
        {
            throw new IdentityException(IdentityError.InvalidRequest, $"'{target}' is no target: expected the ARN of a certificate, user or thing group of this gateway");
        }
    }

    private void InsertVersion(SqliteConnection connection, string name, long version, string document) => connection.Execute(
        "INSERT INTO identity_policy_version (policy, version, document, created) VALUES ($name, $version, $document, $now)",
        ("$name", name), ("$version", version), ("$document", document), ("$now", Now()));

    private void SetDefault(SqliteConnection connection, string name, long version) => connection.Execute(
        "UPDATE identity_policy SET default_version = $version, modified = $now, generation = $generation WHERE name = $name",
        ("$version", version), ("$now", Now()), ("$generation", Guid.NewGuid().ToString()), ("$name", name));

    private static long Count(SqliteConnection connection, string sql, string name) => (long)connection.Scalar(sql, ("$name", name))!;

    private List<Policy> Policies(string where, params ReadOnlySpan<(string, object?)> parameters)
    {
        var bound = parameters.ToArray();
        return database.Read(connection => connection.Query(
            $"SELECT name, default_version, created, modified, generation FROM identity_policy {where}",
            row => new Policy(row.GetString(0), row.GetInt64(1), row.Time(2), row.Time(3), row.GetString(4)), bound));
    }

    private List<PolicyVersion> Versions(string where, params ReadOnlySpan<(string, object?)> parameters)
    {
        var bound = parameters.ToArray();
        return database.Read(connection => connection.Query(
            $"SELECT v.policy, v.version, v.document, v.version = p.default_version, v.created FROM identity_policy_version v JOIN identity_policy p ON p.name = v.policy {where}",
            row => new PolicyVersion(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetBoolean(3), row.Time(4), []), bound));
    }

    private static PolicyVersion Required(PolicyVersion? version, string name) => version ?? throw IdentityException.NotFound("policy", name);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
