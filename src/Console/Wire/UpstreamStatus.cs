namespace EdgeGateway.Pages.Wire;

/// <summary>Where the gateway syncs to, and what still waits to go there.</summary>
public sealed record UpstreamStatus
{
    public required string Name { get; init; }
    public string Kind { get; init; } = "";
    public string Endpoint { get; init; } = "";
    public string State { get; init; } = "";
    public DateTimeOffset? ConnectedSince { get; init; }
    public long BacklogMessages { get; init; }
    public long BacklogBytes { get; init; }

    /// <summary>Age of the oldest message that waits.</summary>
    public double? OldestSeconds { get; init; }

    /// <summary>Messages a second that leave the backlog.</summary>
    public double? DrainRate { get; init; }

    /// <summary>When the store would be full at the present rate.</summary>
    public double? FullInSeconds { get; init; }

    public string? LastError { get; init; }
}
