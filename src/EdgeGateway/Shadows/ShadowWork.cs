using EdgeGateway.Messaging;

namespace EdgeGateway.Shadows;

/// <summary>One request on its way through the service.</summary>
internal sealed class ShadowWork(ShadowId shadow, ShadowOperation operation, ShadowRequest request, MessageOrigin origin)
{
    private readonly TaskCompletionSource<ShadowAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ShadowId Shadow { get; } = shadow;
    public ShadowOperation Operation { get; } = operation;
    public ShadowRequest Request { get; } = request;
    public MessageOrigin Origin { get; } = origin;

    /// <summary>Came by topic: the answer goes there whatever it is. Otherwise only changes are told on MQTT (AWS guide: Shadow REST API).</summary>
    public bool IsByTopic { get; init; }

    /// <summary>Of the answers; at most 1.</summary>
    public QualityOfService QualityOfService { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>Whose requests in flight this is one of; null if nobody counts.</summary>
    public string? Requester { get; init; }

    /// <summary>Counted against <see cref="ShadowOptions.MaxQueueBytes"/>.</summary>
    public int Bytes { get; init; }

    /// <summary>Place in the intake, see <see cref="ShadowIntake"/>.</summary>
    public long Position { get; set; }

    public Task<ShadowAnswer> Answer => _answer.Task;

    public void Complete(ShadowAnswer answer) => _answer.TrySetResult(answer);
}
