using EdgeGateway.Rules.Alarms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Alarms that rules set (`cloudwatchAlarm`).</summary>
internal static class AlarmEndpoints
{
    public static void MapAlarms(this IEndpointRouteBuilder routes)
    {
        var alarms = routes.MapGroup("/edge/v1/alarms").WithTags("Alarms");
        alarms.MapGet("", static (IAlarms all) =>
            TypedResults.Ok(all.All.Select(static alarm => new AlarmResponse(alarm.Name, alarm.State, alarm.Reason, alarm.ChangedAt, alarm.AcknowledgedBy)).ToArray()));
        alarms.MapGet("/history", History);
        alarms.MapPost("/{alarmName}/acknowledge", AcknowledgeAsync);
        alarms.MapDelete("/{alarmName}", DeleteAsync);
    }

    private static Ok<AlarmEventResponse[]> History(IAlarms alarms, string? name = null, int limit = 100) =>
        TypedResults.Ok(alarms.History(name, limit).Select(static each => new AlarmEventResponse(each.Name, each.Before, each.State, each.Reason, each.At)).ToArray());

    private static async Task<Results<NoContent, ProblemHttpResult>> AcknowledgeAsync(string alarmName, Caller caller, IAlarms alarms) =>
        await alarms.AcknowledgeAsync(alarmName, caller.Actor) ? TypedResults.NoContent() : Problems.NotFound("alarm", alarmName);

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string alarmName, IAlarms alarms) =>
        await alarms.DeleteAsync(alarmName) ? TypedResults.NoContent() : Problems.NotFound("alarm", alarmName);
}
