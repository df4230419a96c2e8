using EdgeGateway.Rules.Notify;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Who is told what rules publish to topics of `sns`.</summary>
internal static class NotifyEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        var subscriptions = routes.MapGroup("/edge/v1/subscriptions").WithTags("Notifications");
        subscriptions.MapGet("", static (INotifications all) => TypedResults.Ok(all.All.Select(static each => new NotifySubscriptionResponse(each.Id, each.Topic, each.Protocol, each.Endpoint)).ToArray()));
        subscriptions.MapPost("", SubscribeAsync);
        subscriptions.MapDelete("/{id:long}", UnsubscribeAsync);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SubscribeAsync(SubscriptionRequest wanted, INotifications notifications) =>
        await notifications.SubscribeAsync(wanted.Topic, wanted.Protocol, wanted.Endpoint) is { } refused ? Problems.BadRequest(refused.Message) : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> UnsubscribeAsync(long id, INotifications notifications) =>
        await notifications.UnsubscribeAsync(id) ? TypedResults.NoContent() : Problems.NotFound("subscription", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
