using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Packages;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Software packages and their versions, as records: what a job installs can be named and looked up.</summary>
internal sealed class PackageOperations(AwsRecords records, PackageVersions versions, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    private const string Kind = "package", Others = ".-";

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreatePackage", CreateAsync),
        new("GetPackage", Get),
        new("UpdatePackage", UpdateAsync),
        new("DeletePackage", DeleteAsync),
        new("ListPackages", List),
        new("CreatePackageVersion", CreateVersionAsync),
        new("GetPackageVersion", GetVersion),
        new("UpdatePackageVersion", UpdateVersionAsync),
        new("DeletePackageVersion", DeleteVersionAsync),
        new("ListPackageVersions", ListVersions),
        new("GetPackageConfiguration", GetConfiguration),
        new("UpdatePackageConfiguration", UpdateConfigurationAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = AwsNames.Require("packageName", call.Label("packageName"), Others);
        var wanted = call.Body.Map("tags") ?? new Dictionary<string, string>();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        if (!await records.TryAddAsync(Kind, name, new JsonObject { ["description"] = call.Body.String("description") }))
            return Conflict($"package {name} exists already");
        await tags.ReplaceAsync(Arn(name), wanted, cancellationToken);
        return AwsReply.Json(writer =>
        {
            writer.WriteString("packageName"u8, name);
            writer.WriteString("packageArn"u8, Arn(name));
            writer.WriteOptional("description", call.Body.String("description"));
        });
    }

    private ValueTask<AwsReply> Get(AwsCall call, CancellationToken cancellationToken)
    {
        var package = Find(call);
        return new(AwsReply.Json(writer =>
        {
            WriteSummary(writer, package);
            writer.WriteString("packageArn"u8, Arn(package.Name));
            writer.WriteOptional("description", package.Text("description"));
        }));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (name, body) = (Find(call).Name, call.Body);
        if (body.String("defaultVersionName") is { } wanted && records.Find(PackageVersions.Kind, PackageVersions.Key(name, wanted)) is not { } version)
            throw AwsException.NotFound($"package {name} has no version {wanted}");
        if (body.String("defaultVersionName") is { } chosen && records.Find(PackageVersions.Kind, PackageVersions.Key(name, chosen))!.Text("status") != "PUBLISHED")
            return Conflict($"version {chosen} of package {name} is not PUBLISHED");
        await records.ChangeAsync(Kind, name, document =>
        {
            if (body.String("description") is { } description)
                document["description"] = description;
            if (body.Boolean("unsetDefaultVersion"))
                document.Remove("defaultVersionName");
            else if (body.String("defaultVersionName") is { } given)
                document["defaultVersionName"] = given;
        });
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("packageName");
        if (VersionsOf(name).Any())
            return Conflict($"package {name} has versions, delete them first");
        await records.DeleteAsync(Kind, name);
        await tags.ReplaceAsync(Arn(name), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(records.List(Kind), static package => package.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("packageSummaries", page.Items, WriteSummary);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> CreateVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (package, version, body) = (Find(call).Name, AwsNames.Require("versionName", call.Label("versionName"), Others), call.Body);
        var wanted = body.Map("tags") ?? new Dictionary<string, string>();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var document = new JsonObject { ["status"] = "DRAFT", ["description"] = body.String("description"), ["attributes"] = Attributes(body), ["artifact"] = Artifact(body), ["recipe"] = body.String("recipe") };
        if (!await records.TryAddAsync(PackageVersions.Kind, PackageVersions.Key(package, version), document))
            return Conflict($"version {version} of package {package} exists already");
        await tags.ReplaceAsync(VersionArn(package, version), wanted, cancellationToken);
        return AwsReply.Json(writer => WriteVersion(writer, package, version, document));
    }

    private ValueTask<AwsReply> GetVersion(AwsCall call, CancellationToken cancellationToken)
    {
        var (package, version) = (call.Label("packageName"), call.Label("versionName"));
        var record = FindVersion(call);
        return new(AwsReply.Json(writer =>
        {
            WriteVersion(writer, package, version, record.Document);
            if (record.Document["artifact"] is { } artifact)
            {
                writer.WritePropertyName("artifact"u8);
                artifact.WriteTo(writer);
            }
            writer.WriteOptional("recipe", record.Text("recipe"));
            writer.WriteTime("creationDate", record.Created);
            writer.WriteTime("lastModifiedDate", record.Modified);
        }));
    }

    // DRAFT is published; what is published can be deprecated and published again. Content is fixed from the first publication on.
    private async ValueTask<AwsReply> UpdateVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (record, body) = (FindVersion(call), call.Body);
        var status = record.Text("status");
        var next = body.String("action") switch
        {
            null => status,
            "PUBLISH" => "PUBLISHED",
            "DEPRECATE" when status != "DRAFT" => "DEPRECATED",
            "DEPRECATE" => null,
            var other => throw AwsException.InvalidRequest($"action is '{other}', expected PUBLISH or DEPRECATE"),
        };
        if (next is null)
            return Conflict($"version {call.Label("versionName")} is DRAFT: only what is PUBLISHED can be deprecated");
        if (status != "DRAFT" && (body.Names.Contains("attributes") || body.Names.Contains("artifact") || body.Names.Contains("recipe")))
            return Conflict($"version {call.Label("versionName")} is {status}: attributes, artifact and recipe are fixed by then");
        await records.ChangeAsync(PackageVersions.Kind, record.Name, document =>
        {
            document["status"] = next;
            if (body.String("description") is { } description)
                document["description"] = description;
            if (Attributes(body) is { } attributes)
                document["attributes"] = attributes;
            if (Artifact(body) is { } artifact)
                document["artifact"] = artifact;
            if (body.String("recipe") is { } recipe)
                document["recipe"] = recipe;
        });
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (package, version) = (call.Label("packageName"), call.Label("versionName"));
        if (records.Find(Kind, package)?.Text("defaultVersionName") == version)
            return Conflict($"version {version} is the default of package {package}: unset it first");
        await records.DeleteAsync(PackageVersions.Kind, PackageVersions.Key(package, version));
        await tags.ReplaceAsync(VersionArn(package, version), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> ListVersions(AwsCall call, CancellationToken cancellationToken)
    {
        var (package, status) = (Find(call).Name, call.Query("status"));
        var page = call.Page([.. VersionsOf(package)], static version => version.Name, version => status is null || version.Text("status") == status);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("packageVersionSummaries", page.Items, (item, version) =>
            {
                item.WriteString("packageName"u8, package);
                item.WriteString("versionName"u8, version.Name[(package.Length + 1)..]);
                item.WriteString("status"u8, version.Text("status"));
                item.WriteTime("creationDate", version.Created);
                item.WriteTime("lastModifiedDate", version.Modified);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> GetConfiguration(AwsCall call, CancellationToken cancellationToken)
    {
        var configuration = versions.Configuration;
        return new(AwsReply.Json(writer => writer.WriteObject("versionUpdateByJobsConfig", config =>
        {
            config.WriteBoolean("enabled"u8, configuration?["enabled"]?.GetValue<bool>() == true);
            config.WriteOptional("roleArn", configuration?["roleArn"]?.GetValue<string>());
        })));
    }

    private async ValueTask<AwsReply> UpdateConfigurationAsync(AwsCall call, CancellationToken cancellationToken)
    {
        if (call.Body.Object("versionUpdateByJobsConfig") is { } config && config.Names.Contains("enabled"))
            await versions.ConfigureAsync(config.Boolean("enabled"), config.String("roleArn"));
        return AwsReply.Empty;
    }

    private static JsonObject? Attributes(AwsObject body) => body.Map("attributes") is { } attributes ? new([.. attributes.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))]) : null;

    private static JsonNode? Artifact(AwsObject body) => body.Object("artifact") is { } artifact ? JsonNode.Parse(artifact.Element.GetRawText()) : null;

    private static void WriteSummary(Utf8JsonWriter writer, AwsRecord package)
    {
        writer.WriteString("packageName"u8, package.Name);
        writer.WriteOptional("defaultVersionName", package.Text("defaultVersionName"));
        writer.WriteTime("creationDate", package.Created);
        writer.WriteTime("lastModifiedDate", package.Modified);
    }

    private void WriteVersion(Utf8JsonWriter writer, string package, string version, JsonObject document)
    {
        writer.WriteString("packageVersionArn"u8, VersionArn(package, version));
        writer.WriteString("packageName"u8, package);
        writer.WriteString("versionName"u8, version);
        writer.WriteOptional("description", document["description"]?.GetValue<string>());
        if (document["attributes"] is { } attributes)
        {
            writer.WritePropertyName("attributes"u8);
            attributes.WriteTo(writer);
        }
        writer.WriteString("status"u8, document["status"]!.GetValue<string>());
    }

    private IEnumerable<AwsRecord> VersionsOf(string package) => records.List(PackageVersions.Kind).Where(version => version.Name.StartsWith(PackageVersions.Key(package, ""), StringComparison.Ordinal));

    private AwsRecord Find(AwsCall call) => records.Find(Kind, call.Label("packageName")) ?? throw AwsException.NotFound($"package {call.Label("packageName")} is not there");

    private AwsRecord FindVersion(AwsCall call) =>
        records.Find(PackageVersions.Kind, PackageVersions.Key(call.Label("packageName"), call.Label("versionName"))) ?? throw AwsException.NotFound($"package {call.Label("packageName")} has no version {call.Label("versionName")}");

    private static AwsReply Conflict(string message) => AwsReply.Error(409, "ConflictException", message);


    private string Arn(string package) => gateway.Arn($"package/{package}");

    private string VersionArn(string package, string version) => gateway.Arn($"package/{package}/version/{version}");
}
