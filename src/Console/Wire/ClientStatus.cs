namespace EdgeGateway.Pages.Wire;

/// <summary>One MQTT client: connected, or gone with its session kept.</summary>
public sealed record ClientStatus
{
    public required string ClientId { get; init; }
    public bool Connected { get; init; }
    public string? Address { get; init; }
    public string? Principal { get; init; }
    public string? Protocol { get; init; }
    public DateTimeOffset? ConnectedAt { get; init; }
    public long Subscriptions { get; init; }
    public long Queued { get; init; }
    public long InFlight { get; init; }
}
