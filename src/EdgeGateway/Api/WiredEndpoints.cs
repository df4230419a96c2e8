using System.Text.Json;
using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>What is wired to the header.</summary>
internal static class WiredEndpoints
{
    public static void MapWired(this IEndpointRouteBuilder routes)
    {
        var wired = routes.MapGroup("/edge/v1/wired").WithTags("Wired devices");
        wired.MapGet("/", List);
        wired.MapGet("/{name}", Get);
        wired.MapPost("/{name}/read", ReadAsync);
        wired.MapPut("/{name}/state", SetAsync);
        wired.MapPost("/scan", ScanAsync);
    }

    private static Ok<IReadOnlyList<WiredResponse>> List(IWiredDevices devices) => TypedResults.Ok<IReadOnlyList<WiredResponse>>([.. devices.List().Select(WiredResponse.From)]);

    private static Results<Ok<WiredResponse>, ProblemHttpResult> Get(string name, IWiredDevices devices) =>
        devices.Find(name) is { } device ? TypedResults.Ok(WiredResponse.From(device)) : Problems.NotFound("wired device", name);

    /// <summary>Takes one reading now, besides the regular ones.</summary>
    private static async Task<Results<Ok<WiredReadingResponse>, ProblemHttpResult>> ReadAsync(string name, IWiredDevices devices, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(WiredReadingResponse.From(name, await devices.ReadAsync(name, cancellationToken)));
        }
        catch (KeyNotFoundException)
        {
            return Problems.NotFound("sensor", name);
        }
        catch (DriverException ex)
        {
            return Problems.Unavailable(ex.Message);
        }
    }

    /// <summary>Desires a state of an output; its reported state follows when the line has it.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(string name, JsonElement state, IWiredDevices devices, IShadows shadows, CancellationToken cancellationToken)
    {
        if (devices.Find(name) is not { Kind: "output" })
            return Problems.NotFound("output", name);
        if (state.ValueKind != JsonValueKind.Object)
            return Problems.BadRequest("the state must be a JSON object, such as {\"state\":\"on\"}");
        var update = ShadowRequests.Update(desired: System.Text.Encoding.UTF8.GetBytes(state.GetRawText()));
        return await shadows.UpdateAsync(ShadowId.Classic(name), update, MessageOrigin.Api, cancellationToken) is ShadowAnswer.Rejected rejected
            ? Problems.Problem(rejected.Error.Code, "Refused", rejected.Error.Message)
            : TypedResults.NoContent();
    }

    /// <summary>Looks at every bus, without writing more than a register pointer or an identification command to anything.</summary>
    private static async Task<Results<Ok<ScanResponse>, ProblemHttpResult>> ScanAsync(IAdoption adoption, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(ScanResponse.From(await adoption.ScanAsync(cancellationToken)));
        }
        catch (DriverException ex)
        {
            return Problems.Unavailable(ex.Message);
        }
    }
}
