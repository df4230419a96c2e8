using EdgeGateway.Configuration;
using EdgeGateway.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Jobs for people, below <c>/edge/v1/jobs</c>.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/edge/v1/jobs").WithTags("Jobs");
        jobs.MapGet("", List).WithSummary("Jobs in order of their ids, with how far they are");
        jobs.MapGet("/{jobId}", Get).WithSummary("One job");
        jobs.MapPut("/{jobId}", CreateAsync).WithSummary("Makes a job");
        jobs.MapGet("/{jobId}/executions", Executions).WithSummary("How far each thing is");
        jobs.MapPost("/{jobId}/cancel", CancelAsync).WithSummary("Cancels what is queued; by force what is in progress too");
        jobs.MapDelete("/{jobId}", DeleteAsync).WithSummary("Deletes a job that has ended; by force any");
    }

    private static Ok<JobResponse[]> List(IJobs jobs) => TypedResults.Ok(jobs.All.Select(job => jobs.View(job.Id)).OfType<JobView>().Select(JobResponse.From).ToArray());

    private static Results<Ok<JobResponse>, ProblemHttpResult> Get(string jobId, IJobs jobs) => jobs.View(jobId) is { } view ? TypedResults.Ok(JobResponse.From(view)) : Problems.NotFound("job", jobId);

    private static Results<Ok<JobExecutionResponse[]>, ProblemHttpResult> Executions(string jobId, IJobs jobs) => jobs.Find(jobId) is null
        ? Problems.NotFound("job", jobId)
        : TypedResults.Ok(jobs.ExecutionsOf(jobId).Select(JobExecutionResponse.From).ToArray());

    private static Task<Results<Ok<JobResponse>, ProblemHttpResult>> CreateAsync(string jobId, JobCreateRequest request, IJobs jobs, GatewayOptions gateway, CancellationToken cancellationToken) => AnswerAsync(jobs, jobId, async () =>
    {
        string[] targets = [.. (request.Things ?? []).Select(thing => gateway.Arn($"thing/{thing}")), .. (request.Groups ?? []).Select(group => gateway.Arn($"thinggroup/{group}"))];
        var settings = new JobSettings
        {
            Document = request.Document.ValueKind == System.Text.Json.JsonValueKind.Undefined ? "" : request.Document.GetRawText(), Description = request.Description, TimeoutMinutes = request.TimeoutMinutes,
            Rollout = request.RatePerMinute is { } rate ? new(rate, null) : null, Retries = request.Retries is { } retries ? [new("ALL", retries)] : [],
            Aborts = request.AbortPercentage is { } percentage ? [new("ALL", percentage, request.AbortAfter ?? 1)] : [],
        };
        await jobs.CreateAsync(new(jobId, targets, request.Continuous, settings, JobSchedule.Always), cancellationToken);
    });

    private static Task<Results<Ok<JobResponse>, ProblemHttpResult>> CancelAsync(string jobId, bool? force, string? comment, IJobs jobs, CancellationToken cancellationToken) =>
        AnswerAsync(jobs, jobId, () => jobs.CancelAsync(jobId, force ?? false, null, comment, cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string jobId, bool? force, IJobs jobs, CancellationToken cancellationToken)
    {
        try
        {
            await jobs.DeleteAsync(jobId, force ?? false, cancellationToken);
            return TypedResults.NoContent();
        }
        catch (JobException ex)
        {
            return Problem(ex);
        }
    }

    private static async Task<Results<Ok<JobResponse>, ProblemHttpResult>> AnswerAsync(IJobs jobs, string id, Func<Task> change)
    {
        try
        {
            await change();
            return jobs.View(id) is { } view ? TypedResults.Ok(JobResponse.From(view)) : Problems.NotFound("job", id);
        }
        catch (JobException ex)
        {
            return Problem(ex);
        }
    }

    private static ProblemHttpResult Problem(JobException refused) => refused.Kind switch
    {
        JobErrorKind.ResourceNotFound => Problems.Problem(StatusCodes.Status404NotFound, "Not found", refused.Message),
        JobErrorKind.ResourceAlreadyExists or JobErrorKind.InvalidStateTransition or JobErrorKind.VersionMismatch or JobErrorKind.Conflict => Problems.Conflict(refused.Message),
        _ => Problems.BadRequest(refused.Message),
    };
}
