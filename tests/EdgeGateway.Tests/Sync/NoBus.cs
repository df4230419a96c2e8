using EdgeGateway.Messaging;

namespace EdgeGateway.Tests.Sync;

/// <summary>Where nothing is to be said or heard.</summary>
internal sealed class NoBus : IMessageBus
{
    public ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IDisposable Subscribe(string filter, IMessageSink sink) => throw new NotSupportedException();

    public IReadOnlyList<ApplicationMessage> Retained(string filter) => [];
}
