using System.Text.Json;
using EdgeGateway.Api.Aws.Packages;
using EdgeGateway.Configuration;
using EdgeGateway.Jobs;
using EdgeGateway.Registry;
using EdgeGateway.Rules.Objects;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Jobs and their executions, as who manages the fleet sees them (AWS guide: Jobs).</summary>
internal sealed class JobOperations(IJobs jobs, IThingCatalog catalog, JobDocuments documents, PackageVersions packages, ITags tags, JobDataOperations data, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateJob", CreateAsync),
        new("DescribeJob", Describe),
        new("ListJobs", List),
        new("UpdateJob", UpdateAsync),
        new("CancelJob", CancelAsync),
        new("DeleteJob", DeleteAsync),
        new("GetJobDocument", GetDocument),
        new("AssociateTargetsWithJob", AssociateAsync),
        new("ListJobExecutionsForJob", ListOfJob),
        new("ListJobExecutionsForThing", ListOfThing),
        new("DescribeJobExecution", (call, cancellationToken) => call.Route.Service == AwsService.IotJobsData ? data.Describe(call) : DescribeExecution(call)),
        new("CancelJobExecution", CancelExecutionAsync),
        new("DeleteJobExecution", DeleteExecutionAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var template = body.String("jobTemplateArn") is { } arn ? documents.Template(arn) : null;
        var (document, source) = template is not null && body.String("document") is null && body.String("documentSource") is null
            ? (template.Settings.Document, template.Settings.DocumentSource)
            : documents.Read(body);
        var selection = body.String("targetSelection") ?? "SNAPSHOT";
        if (selection is not ("SNAPSHOT" or "CONTINUOUS"))
            throw AwsException.InvalidRequest($"targetSelection is '{selection}', expected SNAPSHOT or CONTINUOUS");
        if (body.Object("presignedUrlConfig") is not null)
            throw AwsException.InvalidRequest("presignedUrlConfig is given, but this gateway has no S3 to presign for: give URLs that devices can read");
        packages.Require(body.Strings("destinationPackageVersions") ?? template?.Settings.PackageVersions ?? []);
        var job = await jobs.CreateAsync(
            new Job(call.Label("jobId"), body.Strings("targets") ?? throw AwsException.Missing("targets"), selection == "CONTINUOUS", JobParts.Settings(body, document, source, template?.Settings), JobParts.Schedule(body, template?.Windows ?? []))
            {
                TemplateArn = body.String("jobTemplateArn"), NamespaceId = body.String("namespaceId"),
            },
            cancellationToken);
        await tags.ReplaceAsync(Arn(job.Id), wanted, cancellationToken);
        return Reply(job);
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var (job, _, counts) = jobs.View(call.Label("jobId")) ?? throw NotThere(call);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteOptional("documentSource", job.Settings.DocumentSource);
            writer.WriteObject("job", item =>
            {
                WriteSummary(item, job);
                item.WriteStrings("targets", job.Targets);
                item.WriteOptional("comment", job.Comment);
                item.WriteOptional("reasonCode", job.ReasonCode);
                item.WriteOptional("namespaceId", job.NamespaceId);
                item.WriteOptional("jobTemplateArn", job.TemplateArn);
                if (job.Status == JobStatus.Canceled)
                    item.WriteBoolean("forceCanceled"u8, job.ForceCanceled);
                JobParts.Write(item, job.Settings);
                if (job.Settings.Parameters.Count > 0)
                    item.WriteMap("documentParameters", job.Settings.Parameters);
                JobParts.WriteSchedule(item, job.Schedule);
                item.WriteObject("jobProcessDetails", details =>
                {
                    details.WriteStrings("processingTargets", job.Status == JobStatus.InProgress ? job.Targets : []);
                    JobEvents.WriteCounts(details, counts);
                });
            });
        }));
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var (word, status) = (call.Query("status"), call.Query("status") is { } given ? JobWords.ToJobStatus(given) : null);
        if (word is not null && status is null && word != "DELETION_IN_PROGRESS") // here deletion is done at once, so no job has this state
            throw AwsException.InvalidRequest($"status is '{word}', expected SCHEDULED, IN_PROGRESS, COMPLETED, CANCELED or DELETION_IN_PROGRESS");
        var continuous = call.Query("targetSelection") switch { null => null as bool?, "CONTINUOUS" => true, "SNAPSHOT" => false, var other => throw AwsException.InvalidRequest($"targetSelection is '{other}', expected SNAPSHOT or CONTINUOUS") };
        var group = call.Query("thingGroupName");
        var page = call.Page(jobs.All, static job => job.Id, job =>
            (word is null || job.Status == status) && (continuous is null || job.IsContinuous == continuous) && (group is null || job.Targets.Contains(gateway.Arn($"thinggroup/{group}")))
            && (call.Query("namespaceId") is not { } space || job.NamespaceId == space));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("jobs", page.Items, WriteSummary);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await jobs.UpdateAsync(call.Label("jobId"), settings => JobParts.Change(call.Body, settings), cancellationToken);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> CancelAsync(AwsCall call, CancellationToken cancellationToken) =>
        Reply(await jobs.CancelAsync(call.Label("jobId"), call.QueryBoolean("force") ?? false, call.Body.String("reasonCode"), call.Body.String("comment"), cancellationToken));

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await jobs.DeleteAsync(call.Label("jobId"), call.QueryBoolean("force") ?? false, cancellationToken);
        await tags.ReplaceAsync(Arn(call.Label("jobId")), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> GetDocument(AwsCall call, CancellationToken cancellationToken)
    {
        var job = jobs.Find(call.Label("jobId")) ?? throw NotThere(call);
        var document = call.QueryBoolean("beforeSubstitution") == false ? job.Settings.DocumentForDevices : job.Settings.Document;
        return new(AwsReply.Json(writer => writer.WriteString("document"u8, document)));
    }

    private async ValueTask<AwsReply> AssociateAsync(AwsCall call, CancellationToken cancellationToken) =>
        Reply(await jobs.AssociateAsync(call.Label("jobId"), call.Body.Strings("targets") ?? throw AwsException.Missing("targets"), call.Body.String("comment"), cancellationToken));

    private ValueTask<AwsReply> ListOfJob(AwsCall call, CancellationToken cancellationToken)
    {
        var job = jobs.Find(call.Label("jobId")) ?? throw NotThere(call);
        var status = Status(call);
        var page = call.Page(jobs.ExecutionsOf(job.Id), static execution => execution.Thing, execution => status is null || execution.Status == status);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("executionSummaries", page.Items, (item, execution) =>
            {
                item.WriteString("thingArn"u8, gateway.Arn($"thing/{execution.Thing}"));
                item.WriteObject("jobExecutionSummary", summary => WriteSummary(summary, execution));
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> ListOfThing(AwsCall call, CancellationToken cancellationToken)
    {
        var thing = RequireThing(call);
        var (status, job) = (Status(call), call.Query("jobId"));
        var page = call.Page(
            [.. jobs.ExecutionsFor(thing).OrderBy(Key, StringComparer.Ordinal)], Key, execution => (status is null || execution.Status == status) && (job is null || execution.JobId == job));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("executionSummaries", page.Items, static (item, execution) =>
            {
                item.WriteString("jobId"u8, execution.JobId);
                item.WriteObject("jobExecutionSummary", summary => WriteSummary(summary, execution));
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));

        static string Key(JobExecution execution) => $"{execution.JobId} {execution.Number:D10}";
    }

    private ValueTask<AwsReply> DescribeExecution(AwsCall call)
    {
        var (thing, job) = (RequireThing(call), call.Label("jobId"));
        var execution = jobs.Execution(job, thing, call.QueryInt64("executionNumber")) ?? throw AwsException.NotFound($"thing {thing} has no such execution of job {job}");
        return new(AwsReply.Json(writer => writer.WriteObject("execution", item =>
        {
            item.WriteString("jobId"u8, execution.JobId);
            item.WriteString("thingArn"u8, gateway.Arn($"thing/{execution.Thing}"));
            if (execution.Status == ExecutionStatus.Canceled)
                item.WriteBoolean("forceCanceled"u8, execution.ForceCanceled);
            item.WriteObject("statusDetails", details => details.WriteMap("detailsMap", execution.Details));
            item.WriteNumber("versionNumber"u8, execution.Version);
            if (execution.NextDeadline is { } deadline)
                item.WriteNumber("approximateSecondsBeforeTimedOut"u8, Math.Max(0, (deadline - data.Now) / 1000));
            WriteSummary(item, execution, withRetry: false);
        })));
    }

    private async ValueTask<AwsReply> CancelExecutionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await jobs.CancelExecutionAsync(
            call.Label("jobId"), RequireThing(call), call.QueryBoolean("force") ?? false, call.Body.Int64("expectedVersion"), call.Body.Map("statusDetails"), cancellationToken);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteExecutionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var number = long.TryParse(call.Label("executionNumber"), System.Globalization.CultureInfo.InvariantCulture, out var given)
            ? given : throw AwsException.InvalidRequest($"executionNumber is '{call.Label("executionNumber")}', expected a whole number");
        await jobs.DeleteExecutionAsync(call.Label("jobId"), RequireThing(call), number, call.QueryBoolean("force") ?? false, cancellationToken);
        return AwsReply.Empty;
    }

    private AwsReply Reply(Job job) => AwsReply.Json(writer =>
    {
        writer.WriteString("jobArn"u8, Arn(job.Id));
        writer.WriteString("jobId"u8, job.Id);
        writer.WriteOptional("description", job.Settings.Description);
    });

    private void WriteSummary(Utf8JsonWriter writer, Job job)
    {
        writer.WriteString("jobArn"u8, Arn(job.Id));
        writer.WriteString("jobId"u8, job.Id);
        writer.WriteString("targetSelection"u8, job.IsContinuous ? "CONTINUOUS" : "SNAPSHOT");
        writer.WriteString("status"u8, job.Status.ToWire());
        writer.WriteTime("createdAt", job.CreatedAt);
        writer.WriteTime("lastUpdatedAt", job.UpdatedAt);
        writer.WriteTime("completedAt", job.CompletedAt);
        writer.WriteBoolean("isConcurrent"u8, true);
    }

    private static void WriteSummary(Utf8JsonWriter writer, JobExecution execution) => WriteSummary(writer, execution, withRetry: true);

    private static void WriteSummary(Utf8JsonWriter writer, JobExecution execution, bool withRetry)
    {
        writer.WriteString("status"u8, execution.Status.ToWire());
        writer.WriteTime("queuedAt", execution.QueuedAt);
        writer.WriteTime("startedAt", execution.StartedAt);
        writer.WriteTime("lastUpdatedAt", execution.UpdatedAt);
        writer.WriteNumber("executionNumber"u8, execution.Number);
        if (withRetry)
            writer.WriteNumber("retryAttempt"u8, execution.RetryAttempt);
    }

    private static ExecutionStatus? Status(AwsCall call) => call.Query("status") is not { } word ? null
        : JobWords.ToExecutionStatus(word) ?? throw AwsException.InvalidRequest($"status is '{word}', expected {string.Join(", ", Enum.GetValues<ExecutionStatus>().Select(static status => status.ToWire()))}");

    private string RequireThing(AwsCall call)
    {
        var thing = call.Label("thingName");
        return catalog.Find(thing) is not null ? thing : throw AwsException.NotFound($"thing {thing} is not registered");
    }

    private static AwsException NotThere(AwsCall call) => AwsException.NotFound($"job {call.Label("jobId")} is not there");

    private string Arn(string id) => gateway.Arn($"job/{id}");
}
