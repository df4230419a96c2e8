namespace EdgeGateway.Jobs.Commands;

/// <summary>One device told one command.</summary>
/// <param name="Id">Lower-case UUID.</param>
/// <param name="TargetArn">Of a thing, or of a client by its MQTT id.</param>
/// <param name="Parameters">JSON object as given; null without.</param>
/// <param name="TimeoutSeconds">Without a word of the device so long, it is TIMED_OUT.</param>
public sealed record CommandExecution(string Id, string CommandId, string TargetArn, string? Parameters, int TimeoutSeconds, long CreatedAt)
{
    public CommandStatus Status { get; init; } = CommandStatus.Created;

    /// <summary>Such as <c>$NO_RESPONSE_FROM_DEVICE</c>, or the device's own word; null without.</summary>
    public string? ReasonCode { get; init; }

    public string? ReasonDescription { get; init; }

    /// <summary>JSON object as the device gave it; null without.</summary>
    public string? Result { get; init; }

    /// <summary>Unix time in milliseconds, as all times here.</summary>
    public long UpdatedAt { get; init; }

    public long? StartedAt { get; init; }
    public long? CompletedAt { get; init; }

    /// <summary>When nothing will have been heard for too long.</summary>
    public long? Deadline => Status is CommandStatus.Created or CommandStatus.InProgress ? UpdatedAt + (TimeoutSeconds * 1000L) : null;
}
