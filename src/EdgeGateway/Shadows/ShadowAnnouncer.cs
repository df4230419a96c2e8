using System.Threading.Channels;
using EdgeGateway.Messaging;

namespace EdgeGateway.Shadows;

/// <summary>
/// Sends answers and notifications (AWS guide: Shadow MQTT topics): accepted, delta, documents, in this order. A message is routed when <see cref="Announce"/>
/// returns; what the broker still writes for its receivers is waited for aside, so that one slow receiver holds up no shadow.
/// </summary>
internal sealed partial class ShadowAnnouncer(IMessageBus bus, ILogger<ShadowAnnouncer> logger)
{
    private readonly Channel<Task<PublishOutcome>> _underway =
        Channel.CreateBounded<Task<PublishOutcome>>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <returns>Completes at once, unless thousands of messages are still underway.</returns>
    public async ValueTask AnnounceAsync(ShadowWork work, ShadowTransition transition)
    {
        switch (transition)
        {
            case ShadowTransition.Updated updated:
                await SendAsync(work, "accepted", updated.Body);
                if (updated.Delta is { } delta)
                    await SendWhereHeardAsync(work, "delta", delta);
                await SendWhereHeardAsync(work, "documents", updated.Documents);
                break;
            case ShadowTransition.Deleted:
                await SendAsync(work, "accepted", transition.Body);
                break;
            case ShadowTransition.Shown when work.IsByTopic:
                await SendAsync(work, "accepted", transition.Body);
                break;
            case ShadowTransition.Rejected when work.IsByTopic:
                await SendAsync(work, "rejected", transition.Body);
                break;
        }
    }

    /// <summary>Runs until <see cref="Complete"/>, and then until everything underway has arrived.</summary>
    public async Task RunAsync()
    {
        await foreach (var message in _underway.Reader.ReadAllAsync())
        {
#pragma warning disable CA1031 // The shadow is changed and its answer sent; a receiver whose copy failed is the broker's to mend, and the service goes on.
            try
            {
                if (await message == PublishOutcome.Loop)
                    LogLoop();
            }
            catch (Exception ex)
            {
                LogPublishFailed(ex);
            }
#pragma warning restore CA1031
        }
    }

    public void Complete() => _underway.Writer.TryComplete();

    private ValueTask SendAsync(ShadowWork work, string kind, byte[] body) => SendAsync(work, ShadowTopics.Of(work.Shadow, work.Operation, kind), new ReadOnlyMemory<byte>(body));

    // A document is written out once more only for somebody to read.
    private ValueTask SendWhereHeardAsync(ShadowWork work, string kind, Func<byte[]> body)
    {
        var topic = ShadowTopics.Of(work.Shadow, work.Operation, kind);
        return bus.HasReceivers(topic) ? SendAsync(work, topic, new ReadOnlyMemory<byte>(body())) : ValueTask.CompletedTask;
    }

    private async ValueTask SendAsync(ShadowWork work, string topic, ReadOnlyMemory<byte> body)
    {
        var message = new ApplicationMessage(topic, body)
        {
            QualityOfService = work.QualityOfService,
            Origin = new("shadow", work.Origin.Hops),
        };
        var sending = bus.PublishAsync(message, CancellationToken.None); // what is accepted is told, also while stopping
        if (!sending.IsCompletedSuccessfully || sending.Result == PublishOutcome.Loop)
            await _underway.Writer.WriteAsync(sending.AsTask());
    }

    [LoggerMessage(5003, LogLevel.Warning, "A shadow's answer was not sent: the request came out of a loop of rules")]
    private partial void LogLoop();

    [LoggerMessage(5004, LogLevel.Error, "A shadow's answer could not be stored for all its receivers")]
    private partial void LogPublishFailed(Exception exception);
}
