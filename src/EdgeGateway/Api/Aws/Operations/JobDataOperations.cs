using System.Text.Json;
using EdgeGateway.Jobs;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>A device's jobs over HTTP (AWS guide: Jobs device API); times are whole seconds, the document is a text.</summary>
internal sealed class JobDataOperations(IJobs jobs, IThingCatalog catalog, DataPermissions permissions, TimeProvider time) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("GetPendingJobExecutions", Pending),
        new("StartNextPendingJobExecution", StartNextAsync),
        new("UpdateJobExecution", UpdateAsync),
    ];

    /// <summary>Unix time in milliseconds.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>DescribeJobExecution, whose route the control plane has too.</summary>
    public ValueTask<AwsReply> Describe(AwsCall call)
    {
        var (thing, id) = (Require(call), call.Label("jobId"));
        var execution = id == "$next" ? jobs.Pending(thing, 1).SingleOrDefault() : jobs.Execution(id, thing, call.QueryInt64("executionNumber")) ?? throw AwsException.NotFound($"thing {thing} has no such execution of job {id}");
        if (execution is { Status: var status } && status.IsTerminal())
            throw new JobException(JobErrorKind.TerminalState, $"the execution is {status.ToWire()}");
        return new(Execution(execution, call.QueryBoolean("includeJobDocument") ?? true));
    }

    private ValueTask<AwsReply> Pending(AwsCall call, CancellationToken cancellationToken)
    {
        var pending = jobs.Pending(Require(call), int.MaxValue);
        return new(AwsReply.Json(writer =>
        {
            JobMessages.WriteSummaries(writer, "inProgressJobs", pending.Where(static execution => execution.Status == ExecutionStatus.InProgress), evenIfEmpty: true);
            JobMessages.WriteSummaries(writer, "queuedJobs", pending.Where(static execution => execution.Status == ExecutionStatus.Queued), evenIfEmpty: true);
        }));
    }

    private async ValueTask<AwsReply> StartNextAsync(AwsCall call, CancellationToken cancellationToken) =>
        Execution(await jobs.StartNextAsync(Require(call), call.Body.Map("statusDetails"), call.Body.Int64("stepTimeoutInMinutes"), cancellationToken), withDocument: true);

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var thing = Require(call);
        var status = JobWords.ToExecutionStatus(body.Required("status")) ?? throw AwsException.InvalidRequest($"status is '{body.Required("status")}', expected IN_PROGRESS, SUCCEEDED, FAILED or REJECTED");
        var update = new ExecutionUpdate(status, body.Map("statusDetails"), body.Int64("expectedVersion"), body.Int64("stepTimeoutInMinutes"));
        var updated = await UpdateAsync(call.Label("jobId"), thing, body.Int64("executionNumber"), update, cancellationToken);
        var job = body.Boolean("includeJobDocument") ? jobs.Find(updated.JobId) : null;
        return AwsReply.Json(writer =>
        {
            if (body.Boolean("includeJobExecutionState"))
                JobMessages.WriteExecutionState(writer, updated);
            JobMessages.WriteDocument(writer, job, asJson: false);
        });
    }

    // The data plane's model has no error of its own for a version.
    private async Task<JobExecution> UpdateAsync(string job, string thing, long? number, ExecutionUpdate update, CancellationToken cancellationToken)
    {
        try
        {
            return await jobs.UpdateExecutionAsync(job, thing, number, update, cancellationToken);
        }
        catch (JobException ex) when (ex.Kind == JobErrorKind.VersionMismatch)
        {
            throw new JobException(JobErrorKind.InvalidStateTransition, ex.Message, ex.Execution);
        }
    }

    private AwsReply Execution(JobExecution? execution, bool withDocument)
    {
        var job = execution is not null && withDocument ? jobs.Find(execution.JobId) : null;
        return AwsReply.Json(writer =>
        {
            if (execution is not null)
                JobMessages.WriteExecution(writer, execution, job, Now, asJson: false);
        });
    }

    private string Require(AwsCall call)
    {
        var thing = call.Label("thingName");
        permissions.Require(call.Caller, $"iot:{call.Route.Name}", $"thing/{thing}");
        return catalog.Find(thing) is not null ? thing : throw AwsException.NotFound($"thing {thing} is not registered");
    }
}
