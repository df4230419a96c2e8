using EdgeGateway.Sync;

namespace EdgeGateway.Api;

/// <summary>Answer of <c>GET /edge/v1/status</c>.</summary>
public sealed record StatusResponse
{
    public required string Name { get; init; }
    public required string Version { get; init; }

    /// <summary><c>healthy</c> or <c>degraded</c>.</summary>
    public required string State { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public required double UptimeSeconds { get; init; }

    /// <summary>First-run code of a gateway that nobody owns yet; only over the local socket, else null.</summary>
    public string? ClaimCode { get; init; }

    public required IReadOnlyList<ComponentResponse> Components { get; init; }
    public required BrokerResponse Broker { get; init; }
    public required IReadOnlyList<UpstreamStatus> Upstreams { get; init; }
}
