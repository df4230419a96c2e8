using EdgeGateway.Rules.Logs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Log groups that rules write (`cloudwatchLogs`).</summary>
internal static class LogsEndpoints
{
    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        var logs = routes.MapGroup("/edge/v1/logs").WithTags("Logs");
        logs.MapGet("", static (ILogGroups all) => TypedResults.Ok(all.All.ToArray()));
        logs.MapGet("/events", Events);
        logs.MapDelete("", Delete);
    }

    private static Ok<LogEventResponse[]> Events(string group, ILogGroups logs, string? filter = null, DateTimeOffset? since = null, int limit = 100) =>
        TypedResults.Ok(logs.Read(group, filter, since, limit).Select(static each => new LogEventResponse(each.At, each.Message)).ToArray());

    private static Results<NoContent, ProblemHttpResult> Delete(string group, ILogGroups logs) => logs.Delete(group) ? TypedResults.NoContent() : Problems.NotFound("log group", group);
}
