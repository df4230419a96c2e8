namespace EdgeGateway.Pages.Wire;

/// <summary>Answer of <c>GET /edge/v1/status</c>.</summary>
public sealed record GatewayStatus
{
    public required string Name { get; init; }
    public string Version { get; init; } = "";

    /// <summary><c>healthy</c> or <c>degraded</c>.</summary>
    public string State { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }
    public double UptimeSeconds { get; init; }
    public IReadOnlyList<ComponentStatus> Components { get; init; } = [];
    public BrokerStatus? Broker { get; init; }
    public IReadOnlyList<UpstreamStatus> Upstreams { get; init; } = [];
}
