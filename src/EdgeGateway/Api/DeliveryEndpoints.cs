using EdgeGateway.Rules.Delivery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>What actions have stored to send, and what they gave up (docs/rules.md).</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var deliveries = routes.MapGroup("/edge/v1/deliveries").WithTags("Deliveries");
        deliveries.MapGet("", static (IDeliveries all) => TypedResults.Ok(all.All.Select(DeliveryResponse.From).ToArray()));
        deliveries.MapGet("/dead-letters", List);
        deliveries.MapPost("/dead-letters/resend", ResendAsync);
        deliveries.MapDelete("/dead-letters", DiscardAsync);
    }

    private static Ok<DeadLetterResponse[]> List(IDeliveries deliveries, string? rule = null, int limit = 100) =>
        TypedResults.Ok(deliveries.DeadLetters(rule, limit).Select(static letter => new DeadLetterResponse(
            letter.Id, letter.Rule, letter.Place, letter.Action, letter.Resource, letter.Topic, letter.Error, letter.Code, letter.Attempts, letter.StoredAt, letter.GivenUpAt, letter.Bytes)).ToArray());

    private static async Task<Ok<CountResponse>> ResendAsync(IDeliveries deliveries, string? rule = null, long? id = null) =>
        TypedResults.Ok(new CountResponse(await deliveries.ResendAsync(id, rule)));

    private static async Task<Ok<CountResponse>> DiscardAsync(IDeliveries deliveries, string? rule = null, long? id = null) =>
        TypedResults.Ok(new CountResponse(await deliveries.DiscardAsync(id, rule)));
}
