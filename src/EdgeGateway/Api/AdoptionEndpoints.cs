using System.Text.Json;
using EdgeGateway.Devices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Chips that were found, and how they become things.</summary>
internal static class AdoptionEndpoints
{
    public static void MapAdoption(this IEndpointRouteBuilder routes)
    {
        var wired = routes.MapGroup("/edge/v1/wired").WithTags("Wired devices");
        wired.MapGet("/proposals", Proposals);
        wired.MapPost("/", AdoptAsync);
        wired.MapDelete("/{name}", RemoveAsync);
    }

    private static Ok<IReadOnlyList<DeviceProposal>> Proposals(IAdoption adoption) => TypedResults.Ok(adoption.Proposals);

    /// <summary>Adopts a proposal, or any device as it would stand in the configuration.</summary>
    private static async Task<Results<Created<WiredResponse>, ProblemHttpResult>> AdoptAsync(JsonElement definition, IAdoption adoption, CancellationToken cancellationToken)
    {
        var result = await adoption.AdoptAsync(definition, cancellationToken);
        return result is AdoptionResult.Done done ? TypedResults.Created($"/edge/v1/wired/{done.Device.Name}", WiredResponse.From(done.Device)) : Problem(result);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, IAdoption adoption, CancellationToken cancellationToken) =>
        await adoption.RemoveAsync(name, cancellationToken) is var result && result is AdoptionResult.Done ? TypedResults.NoContent() : Problem(result);

    private static ProblemHttpResult Problem(AdoptionResult result) => result switch
    {
        AdoptionResult.Invalid invalid => Problems.BadRequest(invalid.Why),
        AdoptionResult.NotFound missing => Problems.Problem(StatusCodes.Status404NotFound, "Not found", missing.Why),
        AdoptionResult.Conflict conflict => Problems.Conflict(conflict.Why),
        AdoptionResult.Failed failed => Problems.Problem(StatusCodes.Status422UnprocessableEntity, "Not readable", failed.Why),
        _ => throw new InvalidOperationException($"{result} is no refusal"),
    };
}
