using EdgeGateway.Broker;
using EdgeGateway.Gateway;
using EdgeGateway.Messaging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The broker and its clients: how they fare, who is there, what waits, who must go, and what passes by.</summary>
internal static class BrokerEndpoints
{
    private const int MaxQueueEntries = 1000;

    public static void MapBroker(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/edge/v1").WithTags("Broker");
        api.MapGet("/broker", static (BrokerStatus broker) => TypedResults.Ok(BrokerResponse.From(broker)));
        api.MapGet("/clients", static (BrokerStatus broker) => TypedResults.Ok<IReadOnlyList<ClientResponse>>([.. broker.Clients().Select(ClientResponse.From)]));
        api.MapGet("/clients/{clientId}", Get);
        api.MapGet("/clients/{clientId}/queue", Queue);
        api.MapDelete("/clients/{clientId}", Kick);
        api.MapGet("/tap", TapAsync);
        api.MapPut("/maintenance", BeginMaintenance);
        api.MapDelete("/maintenance", EndMaintenance);
    }

    private static Results<Ok<ClientDetailResponse>, ProblemHttpResult> Get(string clientId, BrokerStatus broker) =>
        broker.Client(Uri.UnescapeDataString(clientId)) is { } session ? TypedResults.Ok(ClientDetailResponse.From(session)) : Problems.NotFound("client", clientId);

    private static Results<Ok<IReadOnlyList<QueueEntryResponse>>, ProblemHttpResult> Queue(string clientId, int? limit, BrokerStatus broker) =>
        broker.Queue(Uri.UnescapeDataString(clientId), Math.Clamp(limit ?? 100, 0, MaxQueueEntries)) is { } entries
            ? TypedResults.Ok<IReadOnlyList<QueueEntryResponse>>([.. entries.Select(static entry => new QueueEntryResponse(entry.Topic, (int)entry.QualityOfService, entry.PayloadBytes, entry.PacketIdentifier, entry.State))])
            : Problems.NotFound("client", clientId);

    /// <param name="session">True (the default): the session is forgotten, too; false: only the connection ends.</param>
    /// <param name="will">False: its will is not published.</param>
    private static Results<NoContent, ProblemHttpResult> Kick(string clientId, bool? session, bool? will, BrokerStatus broker)
    {
        var id = Uri.UnescapeDataString(clientId);
        var isGone = broker.CloseConnection(id, forgetSession: session ?? true, withoutWill: will == false) || ((session ?? true) && broker.Disconnect(id));
        return isGone ? TypedResults.NoContent() : Problems.NotFound("client", clientId);
    }

    // NDJSON: one message a line, until the caller has enough.
    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> TapAsync(string? filter, int? rate, HttpContext http, IMessageBus bus, TimeProvider time)
    {
        if (filter is not { Length: > 0 } || !Topics.IsValidFilter(filter))
            return Problems.BadRequest($"filter is '{filter}', expected a topic filter such as sensors/#");
        if (rate is < 1 or > Tap.MaxRate)
            return Problems.BadRequest($"rate is {rate}, expected 1 to {Tap.MaxRate} messages a second");
        http.Response.ContentType = "application/x-ndjson";
        var tap = new Tap(rate ?? Tap.DefaultRate, time);
        using (bus.Subscribe(filter, tap))
        {
            await http.Response.Body.FlushAsync(http.RequestAborted); // whoever sees the headers hears all that comes from now on
            await tap.WriteAsync(http.Response.BodyWriter, http.RequestAborted);
        }
        return TypedResults.Empty;
    }

    private static NoContent BeginMaintenance(MaintenanceRequest request, IServiceProvider services)
    {
        services.BeginMaintenance(request.Redirect);
        return TypedResults.NoContent();
    }

    private static NoContent EndMaintenance(IServiceProvider services)
    {
        services.EndMaintenance();
        return TypedResults.NoContent();
    }
}
