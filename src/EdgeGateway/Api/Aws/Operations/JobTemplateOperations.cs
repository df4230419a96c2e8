using System.Text.Json;
using EdgeGateway.Api.Aws.Packages;
using EdgeGateway.Configuration;
using EdgeGateway.Jobs;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Templates of jobs; AWS's own managed ones are not here, and the lists say so.</summary>
internal sealed class JobTemplateOperations(IJobs jobs, JobDocuments documents, PackageVersions packages, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateJobTemplate", CreateAsync),
        new("DescribeJobTemplate", Describe),
        new("DeleteJobTemplate", DeleteAsync),
        new("ListJobTemplates", List),
        new("ListManagedJobTemplates", ListManaged),
        new("DescribeManagedJobTemplate", static (call, _) => throw AwsException.NotFound($"there is no managed job template {call.Label("templateName")} on this gateway")),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var id = call.Label("jobTemplateId");
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        if (body.String("description") is null)
            throw AwsException.Missing("description");
        var from = body.String("jobArn") is { } arn ? JobOf(arn) : null;
        var (document, source) = from is not null && body.String("document") is null && body.String("documentSource") is null ? (from.Settings.Document, from.Settings.DocumentSource) : documents.Read(body);
        packages.Require(body.Strings("destinationPackageVersions") ?? from?.Settings.PackageVersions ?? []);
        await jobs.CreateTemplateAsync(new(id, JobParts.Settings(body, document, source, from?.Settings), JobParts.Windows(body) ?? [], 0), cancellationToken);
        await tags.ReplaceAsync(Arn(id), wanted, cancellationToken);
        return AwsReply.Json(writer =>
        {
            writer.WriteString("jobTemplateArn"u8, Arn(id));
            writer.WriteString("jobTemplateId"u8, id);
        });
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var id = call.Label("jobTemplateId");
        var template = jobs.FindTemplate(id) ?? throw AwsException.NotFound($"job template {id} is not there");
        return new(AwsReply.Json(writer =>
        {
            WriteHead(writer, template);
            writer.WriteOptional("documentSource", template.Settings.DocumentSource);
            writer.WriteString("document"u8, template.Settings.Document);
            JobParts.Write(writer, template.Settings);
            JobParts.WriteWindows(writer, template.Windows);
        }));
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var id = call.Label("jobTemplateId");
        await jobs.DeleteTemplateAsync(id, cancellationToken);
        await tags.ReplaceAsync(Arn(id), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(jobs.Templates, static template => template.Id);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("jobTemplates", page.Items, (item, template) =>
            {
                WriteHead(item, template);
                item.WriteOptional("description", template.Settings.Description);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private static ValueTask<AwsReply> ListManaged(AwsCall call, CancellationToken cancellationToken) =>
        new(AwsReply.Json(static writer => writer.WriteObjects("managedJobTemplates", Array.Empty<string>(), static (_, _) => { })));

    private void WriteHead(Utf8JsonWriter writer, JobTemplate template)
    {
        writer.WriteString("jobTemplateArn"u8, Arn(template.Id));
        writer.WriteString("jobTemplateId"u8, template.Id);
        writer.WriteTime("createdAt", template.CreatedAt);
    }

    private Job JobOf(string arn)
    {
        var prefix = gateway.Arn("job/");
        if (!arn.StartsWith(prefix, StringComparison.Ordinal))
            throw AwsException.InvalidRequest($"jobArn is '{arn}', expected {prefix}ID");
        return jobs.Find(arn[prefix.Length..]) ?? throw AwsException.NotFound($"job {arn[prefix.Length..]} is not there");
    }

    private string Arn(string id) => gateway.Arn($"jobtemplate/{id}");
}
