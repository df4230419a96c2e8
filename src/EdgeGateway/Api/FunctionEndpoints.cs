using System.Text.Json;
using EdgeGateway.Rules.Functions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The local functions that rules call; calling one by hand is an operator's.</summary>
internal static class FunctionEndpoints
{
    public static void MapFunctions(this IEndpointRouteBuilder routes)
    {
        var functions = routes.MapGroup("/edge/v1/functions").WithTags("Functions");
        functions.MapGet("", static (IFunctions all) => TypedResults.Ok(all.All.Select(static each =>
            new FunctionResponse(each.Name, each.Carrier, each.Target, each.Calls, each.Failures, each.InFlight, each.Restarts, each.LastError)).ToArray()));
        functions.MapPost("/{functionName}/invoke", InvokeAsync);
    }

    // The body is the event, the answer what the function answers.
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> InvokeAsync(string functionName, JsonElement @event, IFunctions functions, CancellationToken cancellationToken)
    {
        if (functions.All.All(each => each.Name != functionName && each.Name != FunctionDefinition.NameOf(functionName)))
            return Problems.NotFound("function", functionName);
        var call = new FunctionCall("api", "", null, Guid.NewGuid().ToString());
        var answer = await functions.InvokeAsync(functionName, System.Text.Encoding.UTF8.GetBytes(@event.GetRawText()), call, cancellationToken);
        return answer.Error is { } error
            ? Problems.Problem(StatusCodes.Status502BadGateway, "The function failed", error)
            : TypedResults.Content(System.Text.Encoding.UTF8.GetString(answer.Json.Span), "application/json");
    }
}
