using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Bulk;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Identity.Provisioning;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Bulk registration: a template, and a file on the gateway with one JSON object of parameters a line.</summary>
internal sealed class RegistrationTaskOperations(RegistrationRunner runner, RegistrationFiles files, AwsRecords records) : IAwsOperations
{
    private static readonly string[] Statuses = ["InProgress", "Completed", "Failed", "Cancelled", "Cancelling"];

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("StartThingRegistrationTask", StartAsync),
        new("DescribeThingRegistrationTask", Describe),
        new("ListThingRegistrationTasks", List),
        new("StopThingRegistrationTask", StopAsync),
        new("ListThingRegistrationTaskReports", Reports),
    ];

    private async ValueTask<AwsReply> StartAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var (template, bucket, key) = (body.Required("templateBody"), body.Required("inputFileBucket"), body.Required("inputFileKey"));
        var role = AwsNames.RequireRole("roleArn", body.Required("roleArn"));
        ProvisioningTemplateDocument.Parse(template);
        files.Input(bucket, key);
        if (runner.All.FirstOrDefault(static task => task.Status is "InProgress" or "Cancelling") is { } running)
            throw AwsException.InvalidRequest($"task {running.Id} is {running.Status}: one bulk registration runs at a time");
        var id = Guid.NewGuid().ToString();
        await records.TryAddAsync(RegistrationTask.Kind, id, new JsonObject
        {
            ["templateBody"] = template, ["bucket"] = bucket, ["key"] = key, ["roleArn"] = role, ["actor"] = call.Caller.Actor,
            ["status"] = "InProgress", ["succeeded"] = 0L, ["failed"] = 0L, ["percent"] = 0,
        });
        runner.Enqueue(id);
        return AwsReply.Json(writer => writer.WriteString("taskId"u8, id));
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var task = Find(call);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("taskId"u8, task.Id);
            writer.WriteTime("creationDate", task.Created);
            writer.WriteTime("lastModifiedDate", task.Modified);
            writer.WriteString("templateBody"u8, task.TemplateBody);
            writer.WriteString("inputFileBucket"u8, task.Bucket);
            writer.WriteString("inputFileKey"u8, task.Key);
            writer.WriteString("roleArn"u8, task.RoleArn);
            writer.WriteString("status"u8, task.Status);
            writer.WriteOptional("message", task.Message);
            writer.WriteNumber("successCount"u8, task.Succeeded);
            writer.WriteNumber("failureCount"u8, task.Failed);
            writer.WriteNumber("percentageProgress"u8, task.Percent);
        }));
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var status = call.Query("status");
        if (status is not null && !Statuses.Contains(status))
            throw AwsException.InvalidRequest($"status is '{status}', allowed are {string.Join(", ", Statuses)}");
        var page = call.Page(runner.All, static task => task.Id, task => status is null || task.Status == status);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("taskIds", page.Items.Select(static task => task.Id));
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> StopAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var task = Find(call);
        await records.ChangeAsync(RegistrationTask.Kind, task.Id, static document =>
        {
            if (document["status"]!.GetValue<string>() == "InProgress")
                document["status"] = "Cancelling";
        });
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> Reports(AwsCall call, CancellationToken cancellationToken)
    {
        var type = call.RequiredQuery("reportType");
        if (type is not ("ERRORS" or "RESULTS"))
            throw AwsException.InvalidRequest($"reportType is '{type}', allowed are ERRORS and RESULTS");
        var file = files.Report(Find(call).Id, type);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("resourceLinks", File.Exists(file) ? [new Uri(file).AbsoluteUri] : []);
            writer.WriteString("reportType"u8, type);
        }));
    }

    private RegistrationTask Find(AwsCall call) => runner.Find(call.Label("taskId")) ?? throw AwsException.NotFound($"registration task {call.Label("taskId")} is not known");
}
