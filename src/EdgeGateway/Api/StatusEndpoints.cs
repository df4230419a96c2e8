using EdgeGateway.Broker;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Messaging;
using EdgeGateway.Sync;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>How the gateway fares.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes) => routes.MapGet("/edge/v1/status", Get).WithTags("Status");

    private static Ok<StatusResponse> Get(
        GatewayOptions gateway, GatewayClock clock, BrokerStatus broker, ISyncStatus sync, IEnumerable<IComponentHealth> components, IPeople people, Caller caller)
    {
        var parts = components.Select(static part => new ComponentResponse(part.Name, Word(part.State), part.Message)).ToArray();
        return TypedResults.Ok(new StatusResponse
        {
            Name = gateway.Name,
            Version = ProductVersion.Current,
            State = parts.All(static part => part.State == "healthy") ? "healthy" : "degraded",
            StartedAt = clock.StartedAt,
            UptimeSeconds = clock.Uptime.TotalSeconds,
            ClaimCode = caller == Caller.Local ? people.ClaimCode : null,
            Components = parts,
            Broker = BrokerResponse.From(broker),
            Upstreams = sync.Upstreams,
        });
    }

    private static string Word(ComponentState state) => state switch
    {
        ComponentState.Healthy => "healthy",
        ComponentState.Degraded => "degraded",
        _ => "failed",
    };
}
