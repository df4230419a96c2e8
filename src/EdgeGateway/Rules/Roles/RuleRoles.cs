using System.Collections.Immutable;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Roles;

/// <summary>
/// Roles in the database, judged by the evaluator of the devices' policies. A name that was never a role here, as in rules copied from the
/// cloud, has the permissions of `edge-default`; one that was taken away has none.
/// </summary>
internal sealed class RuleRoles(Database database, IAuthorizer authorizer) : IRuleRoles
{
    public const string Default = "edge-default";

    private static readonly string[] OffByDefault = ["gpio:", "file:", "process:", "secretsmanager:"];

    private ImmutableSortedDictionary<string, Known> _roles = database.Read(Load);

    /// <param name="Document">Null: the role was taken away.</param>
    private sealed record Known(string? Document, Principal Principal);

    public IReadOnlyList<RuleRole> All =>
        [.. _roles.Where(static role => role.Value.Document is not null).Select(static role => new RuleRole(role.Key, role.Value.Document!))];

    public async Task<RuleError?> PutAsync(RuleRole role)
    {
        if (!RuleRole.IsValidName(role.Name) || role.Name == Default)
            return new(RuleErrorKind.InvalidRequest, $"{role.Name} is not a name for a role: 1 to 64 letters, digits and +=,.@_-, and not {Default}, which is built in");
        Known known;
        try
        {
            known = Make(role.Name, role.Document);
        }
        catch (MalformedPolicyException ex)
        {
            return new(RuleErrorKind.InvalidRequest, ex.Message);
        }
        await SaveAsync(role.Name, role.Document);
        ImmutableInterlocked.Update(ref _roles, static (roles, put) => roles.SetItem(put.Name, put.Known), (role.Name, Known: known));
        return null;
    }

    public async Task<RuleError?> DeleteAsync(string name)
    {
        if (_roles.GetValueOrDefault(name) is not { Document: not null })
            return new(RuleErrorKind.NotFound, $"there is no role {name}");
        await SaveAsync(name, null);
        ImmutableInterlocked.Update(ref _roles, static (roles, gone) => roles.SetItem(gone, Make(gone, null)), name);
        return null;
    }

    public string? Refusal(string? roleArn, string action, string resource)
    {
        var name = NameOf(roleArn);
        if (name == Default || !_roles.TryGetValue(name, out var known))
            return ByDefault(action, resource);
        if (known.Document is null)
            return $"the role {name} was taken away, so {action} on {resource} is not allowed";
        return authorizer.Decide(known.Principal, action, resource) == PolicyDecision.Allow ? null : $"the role {name} does not allow {action} on {resource}";
    }

    // By words rather than by members: a role stands in actions, in their nested objects, and in functions of statements and templates.
    public IReadOnlyList<string> NamedIn(RuleDefinition definition)
    {
        string[] texts = [definition.Sql, .. definition.Actions, definition.ErrorAction ?? ""];
        return [.. _roles.Keys.Where(name => texts.Any(text => HasWord(text, name)))];
    }

    private static bool HasWord(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if ((at == 0 || !RuleRole.IsValidName(text[at - 1].ToString())) && (end == text.Length || !RuleRole.IsValidName(text[end].ToString())))
                return true;
        }
        return false;
    }

    private static string NameOf(string? roleArn) => string.IsNullOrEmpty(roleArn) ? Default : roleArn[(roleArn.LastIndexOf('/') + 1)..];

    // All that is local, but of the reserved topics only those of shadows; what reaches into the machine or gives a secret away needs a role.
    private static string? ByDefault(string action, string resource)
    {
        if (OffByDefault.FirstOrDefault(service => action.StartsWith(service, StringComparison.Ordinal)) is not null)
            return $"the role {Default} does not allow {action} on {resource}: make a role that does, and name it";
        var at = resource.IndexOf(":topic/$aws/", StringComparison.Ordinal);
        if (action != "iot:Publish" || at < 0)
            return null;
        var topic = resource[(at + ":topic/".Length)..];
        return topic.StartsWith("$aws/things/", StringComparison.Ordinal) && topic.Contains("/shadow/", StringComparison.Ordinal)
            ? null
            : $"the role {Default} does not allow a publish to {topic}: of the reserved topics it has those of shadows";
    }

    private static Known Make(string name, string? document) =>
        new(document, new Principal($"role:{name}", PrincipalKind.Authorizer, CertificateId: null) { PolicyDocuments = document is null ? [] : [PolicyDocument.Parse(document)] });

    private Task SaveAsync(string name, string? document) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO rule_role (name, document) VALUES ($name, $document) ON CONFLICT (name) DO UPDATE SET document = excluded.document";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$document", document ?? (object)DBNull.Value);
        command.ExecuteNonQuery();
    });

    private static ImmutableSortedDictionary<string, Known> Load(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, document FROM rule_role";
        using var rows = command.ExecuteReader();
        var roles = ImmutableSortedDictionary.CreateBuilder<string, Known>(StringComparer.Ordinal);
        while (rows.Read())
            roles[rows.GetString(0)] = Make(rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1));
        return roles.ToImmutable();
    }
}
