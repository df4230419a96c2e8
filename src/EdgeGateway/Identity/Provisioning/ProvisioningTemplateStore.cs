using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Provisioning;

internal sealed class ProvisioningTemplateStore(Database database, IdentityArns arns, AuditLog audit, TimeProvider time) : IProvisioningTemplates
{
    private const int MaxVersions = 5;
    private const int MaxBodyCharacters = 10_240;

    public async Task<ProvisioningTemplate> CreateAsync(string name, string type, string body, bool enabled, string? description, string? roleArn, string? hook, string actor)
    {
        if (name.Length is 0 or > 36 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new IdentityException(IdentityError.InvalidRequest, $"'{name}' is no template name: expected 1 to 36 of letters, digits, '_' and '-'");
        if (type is not ("FLEET_PROVISIONING" or "JITP"))
            throw new IdentityException(IdentityError.InvalidRequest, $"type is {type}, expected FLEET_PROVISIONING or JITP");
        Check(body);
        await database.WriteAsync(connection =>
        {
            if (connection.Scalar("SELECT 1 FROM identity_template WHERE name = $name", ("$name", name)) is not null)
                throw new IdentityException(IdentityError.ResourceAlreadyExists, $"provisioning template {name} exists") { ResourceId = name, ResourceArn = arns.ProvisioningTemplate(name) };
            connection.Execute(
                """
                INSERT INTO identity_template (name, description, type, enabled, role_arn, hook, default_version, next_version, created, modified)
                VALUES ($name, $description, $type, $enabled, $role, $hook, 1, 2, $now, $now)
                """,
                ("$name", name), ("$description", description), ("$type", type), ("$enabled", enabled), ("$role", roleArn), ("$hook", hook), ("$now", Now()));
            InsertVersion(connection, name, 1, body);
            audit.Append(connection, actor, "template.create", arns.ProvisioningTemplate(name));
        });
        return Required(name);
    }

    public async Task<ProvisioningTemplate> UpdateAsync(string name, ProvisioningTemplateUpdate update, string actor)
    {
        await database.WriteAsync(connection =>
        {
            RequireTemplate(connection, name);
            if (update.DefaultVersion is { } version)
                RequireVersion(connection, name, version);
            connection.Execute(
                """
                UPDATE identity_template SET description = coalesce($description, description), enabled = coalesce($enabled, enabled), role_arn = coalesce($role, role_arn),
                    default_version = coalesce($version, default_version), hook = CASE WHEN $removeHook THEN NULL ELSE coalesce($hook, hook) END, modified = $now
                WHERE name = $name
                """,
                ("$description", update.Description), ("$enabled", update.Enabled), ("$role", update.RoleArn), ("$version", update.DefaultVersion),
                ("$removeHook", update.RemoveHook), ("$hook", update.Hook), ("$now", Now()), ("$name", name));
            audit.Append(connection, actor, "template.update", arns.ProvisioningTemplate(name));
        });
        return Required(name);
    }

    public Task DeleteAsync(string name, string actor) => database.WriteAsync(connection =>
    {
        RequireTemplate(connection, name);
        connection.Execute("DELETE FROM identity_template WHERE name = $name", ("$name", name));
        audit.Append(connection, actor, "template.delete", arns.ProvisioningTemplate(name));
    });

    public async Task<ProvisioningTemplateVersion> CreateVersionAsync(string name, string body, bool setAsDefault, string actor)
    {
        Check(body);
        var version = await database.WriteAsync(connection =>
        {
            var next = connection.Scalar("SELECT next_version FROM identity_template WHERE name = $name", ("$name", name)) as long? ?? throw IdentityException.NotFound("provisioning template", name);
            if (connection.Scalar("SELECT count(*) FROM identity_template_version WHERE template = $name", ("$name", name)) is >= (long)MaxVersions)
                throw new IdentityException(IdentityError.VersionsLimitExceeded, $"provisioning template {name} has {MaxVersions} versions: delete one first");
            InsertVersion(connection, name, next, body);
            connection.Execute(
                "UPDATE identity_template SET next_version = $next + 1, default_version = CASE WHEN $default THEN $next ELSE default_version END, modified = $now WHERE name = $name",
                ("$next", next), ("$default", setAsDefault), ("$now", Now()), ("$name", name));
            audit.Append(connection, actor, "template.create-version", arns.ProvisioningTemplate(name), $"version {next}{(setAsDefault ? ", default" : "")}");
            return next;
        });
        return Versions(name).Single(candidate => candidate.Version == version);
    }

    public Task DeleteVersionAsync(string name, long version, string actor) => database.WriteAsync(connection =>
    {
        RequireTemplate(connection, name);
        RequireVersion(connection, name, version);
        if (connection.Scalar("SELECT 1 FROM identity_template WHERE name = $name AND default_version = $version", ("$name", name), ("$version", version)) is not null)
            throw new IdentityException(IdentityError.DeleteConflict, $"version {version} of provisioning template {name} is its default");
        connection.Execute("DELETE FROM identity_template_version WHERE template = $name AND version = $version", ("$name", name), ("$version", version));
        audit.Append(connection, actor, "template.delete-version", arns.ProvisioningTemplate(name), $"version {version}");
    });

    public ProvisioningTemplate? Find(string name) => Templates("WHERE t.name = $name", name).SingleOrDefault();

    public IReadOnlyList<ProvisioningTemplateVersion> Versions(string name) => database.Read(connection => connection.Query(
        """
        SELECT v.template, v.version, v.body, v.version = t.default_version, v.created
        FROM identity_template_version v JOIN identity_template t ON t.name = v.template WHERE t.name = $name ORDER BY v.version
        """,
        row => new ProvisioningTemplateVersion(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetBoolean(3), row.Time(4)), ("$name", name)));

    public IReadOnlyList<ProvisioningTemplate> List() => Templates("ORDER BY t.name", null);

    private static void Check(string body)
    {
        if (body.Length > MaxBodyCharacters)
            throw new TemplateException("", $"{body.Length} characters, at most {MaxBodyCharacters} are allowed");
        ProvisioningTemplateDocument.Parse(body);
    }

    private static void RequireTemplate(SqliteConnection connection, string name)
    {
        if (connection.Scalar("SELECT 1 FROM identity_template WHERE name = $name", ("$name", name)) is null)
            throw IdentityException.NotFound("provisioning template", name);
    }

    private static void RequireVersion(SqliteConnection connection, string name, long version)
    {
        if (connection.Scalar("SELECT 1 FROM identity_template_version WHERE template = $name AND version = $version", ("$name", name), ("$version", version)) is null)
            throw IdentityException.NotFound($"version {version} of provisioning template", name);
    }

    private void InsertVersion(SqliteConnection connection, string name, long version, string body) => connection.Execute(
        "INSERT INTO identity_template_version (template, version, body, created) VALUES ($name, $version, $body, $now)",
        ("$name", name), ("$version", version), ("$body", body), ("$now", Now()));

    private List<ProvisioningTemplate> Templates(string where, string? name) => database.Read(connection => connection.Query(
        $"""
        SELECT t.name, t.description, t.type, t.enabled, t.role_arn, t.hook, t.default_version, v.body, t.created, t.modified
        FROM identity_template t JOIN identity_template_version v ON v.template = t.name AND v.version = t.default_version {where}
        """,
        row => new ProvisioningTemplate(
            row.GetString(0), row.Text(1), row.GetString(2), row.GetBoolean(3), row.Text(4), row.Text(5), row.GetInt64(6), row.GetString(7), row.Time(8), row.Time(9)),
        ("$name", name)));

    private ProvisioningTemplate Required(string name) => Find(name) ?? throw IdentityException.NotFound("provisioning template", name);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
