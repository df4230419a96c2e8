using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Provisioning templates, their versions, and the claims of trusted users.</summary>
internal sealed class ProvisioningTemplateOperations(IProvisioningTemplates templates, ProvisioningClaims claims, ITags tags, IdentityArns arns) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateProvisioningTemplate", CreateAsync),
        new("DescribeProvisioningTemplate", Describe),
        new("UpdateProvisioningTemplate", UpdateAsync),
        new("DeleteProvisioningTemplate", DeleteAsync),
        new("ListProvisioningTemplates", List),
        new("CreateProvisioningTemplateVersion", CreateVersionAsync),
        new("DescribeProvisioningTemplateVersion", DescribeVersion),
        new("DeleteProvisioningTemplateVersion", DeleteVersionAsync),
        new("ListProvisioningTemplateVersions", ListVersions),
        new("CreateProvisioningClaim", CreateClaimAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var name = body.Required("templateName");
        var template = await templates.CreateAsync(
            name, body.String("type") ?? "FLEET_PROVISIONING", body.Required("templateBody"), body.Boolean("enabled"), body.String("description"), body.Required("provisioningRoleArn"),
            Hook(body), call.Caller.Actor);
        await tags.ReplaceAsync(arns.ProvisioningTemplate(name), wanted, cancellationToken);
        return AwsReply.Json(writer =>
        {
            WriteName(writer, name);
            writer.WriteNumber("defaultVersionId"u8, template.DefaultVersion);
        });
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var template = Find(call);
        return new(AwsReply.Json(writer =>
        {
            WriteName(writer, template.Name);
            writer.WriteOptional("description", template.Description);
            writer.WriteTime("creationDate", template.Created);
            writer.WriteTime("lastModifiedDate", template.Modified);
            writer.WriteNumber("defaultVersionId"u8, template.DefaultVersion);
            writer.WriteString("templateBody"u8, template.Body);
            writer.WriteBoolean("enabled"u8, template.Enabled);
            writer.WriteOptional("provisioningRoleArn", template.RoleArn);
            if (template.Hook is { } hook)
            {
                writer.WritePropertyName("preProvisioningHook"u8);
                writer.WriteRawValue(hook);
            }
            writer.WriteString("type"u8, template.Type);
        }));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var update = new ProvisioningTemplateUpdate(
            body.String("description"), body.OptionalBoolean("enabled"), body.Int64("defaultVersionId"), body.String("provisioningRoleArn"), Hook(body), body.Boolean("removePreProvisioningHook"));
        await templates.UpdateAsync(call.Label("templateName"), update, call.Caller.Actor);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("templateName");
        await templates.DeleteAsync(name, call.Caller.Actor);
        await tags.ReplaceAsync(arns.ProvisioningTemplate(name), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page([.. templates.List().OrderBy(static template => template.Name, StringComparer.Ordinal)], static template => template.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("templates", page.Items, (item, template) =>
            {
                WriteName(item, template.Name);
                item.WriteOptional("description", template.Description);
                item.WriteTime("creationDate", template.Created);
                item.WriteTime("lastModifiedDate", template.Modified);
                item.WriteBoolean("enabled"u8, template.Enabled);
                item.WriteString("type"u8, template.Type);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> CreateVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("templateName");
        var version = await templates.CreateVersionAsync(name, call.Body.Required("templateBody"), call.QueryBoolean("setAsDefault") ?? false, call.Caller.Actor);
        return AwsReply.Json(writer =>
        {
            WriteName(writer, name);
            writer.WriteNumber("versionId"u8, version.Version);
            writer.WriteBoolean("isDefaultVersion"u8, version.IsDefault);
        });
    }

    private ValueTask<AwsReply> DescribeVersion(AwsCall call, CancellationToken cancellationToken)
    {
        var (template, id) = (Find(call), VersionOf(call));
        var version = templates.Versions(template.Name).FirstOrDefault(candidate => candidate.Version == id) ?? throw AwsException.NotFound($"provisioning template {template.Name} has no version {id}");
        return new(AwsReply.Json(writer =>
        {
            writer.WriteNumber("versionId"u8, version.Version);
            writer.WriteTime("creationDate", version.Created);
            writer.WriteString("templateBody"u8, version.Body);
            writer.WriteBoolean("isDefaultVersion"u8, version.IsDefault);
        }));
    }

    private async ValueTask<AwsReply> DeleteVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await templates.DeleteVersionAsync(call.Label("templateName"), VersionOf(call), call.Caller.Actor);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> ListVersions(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(templates.Versions(Find(call).Name), static version => version.Version.ToString("D19", CultureInfo.InvariantCulture));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("versions", page.Items, static (item, version) =>
            {
                item.WriteNumber("versionId"u8, version.Version);
                item.WriteTime("creationDate", version.Created);
                item.WriteBoolean("isDefaultVersion"u8, version.IsDefault);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> CreateClaimAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (claim, expiration) = await claims.CreateAsync(call.Label("templateName"), call.Caller.Actor);
        return AwsReply.Json(writer =>
        {
            writer.WriteString("certificateId"u8, claim.Id);
            writer.WriteString("certificatePem"u8, claim.Pem);
            writer.WriteObject("keyPair", pair =>
            {
                pair.WriteString("PublicKey"u8, claim.PublicKeyPem);
                pair.WriteString("PrivateKey"u8, claim.PrivateKeyPem);
            });
            writer.WriteTime("expiration", expiration);
        });
    }

    /// <summary>The hook as it is kept: its JSON.</summary>
    private static string? Hook(AwsObject body)
    {
        if (body.Object("preProvisioningHook") is not { } hook)
            return null;
        var kept = new JsonObject { ["targetArn"] = hook.Required("targetArn") };
        if (hook.String("payloadVersion") is { } version)
            kept["payloadVersion"] = version;
        return kept.ToJsonString();
    }

    private ProvisioningTemplate Find(AwsCall call)
    {
        var name = call.Label("templateName");
        return templates.Find(name) ?? throw AwsException.NotFound($"provisioning template {name} is not there");
    }

    private static long VersionOf(AwsCall call)
    {
        var text = call.Label("versionId");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : throw AwsException.InvalidRequest($"versionId is '{text}', expected a number");
    }

    private void WriteName(Utf8JsonWriter writer, string name)
    {
        writer.WriteString("templateArn"u8, arns.ProvisioningTemplate(name));
        writer.WriteString("templateName"u8, name);
    }
}
