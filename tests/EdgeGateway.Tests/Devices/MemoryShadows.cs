using System.Collections.Concurrent;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;

namespace EdgeGateway.Tests.Devices;

/// <summary>The shadows' own transitions on documents in memory, announced on a bus.</summary>
internal sealed class MemoryShadows(TimeProvider time) : IShadows
{
    private static readonly ShadowOptions Options = new();
    private readonly ConcurrentDictionary<ShadowId, ShadowDocument> _documents = new();
    private readonly Lock _lock = new(); // one update at a time

    /// <summary>Where changes are announced; another after a restart of the gateway.</summary>
    public IMessageBus? Bus { get; set; }

    public ShadowDocument? Find(ShadowId shadow) => _documents.GetValueOrDefault(shadow);

    public Task<ShadowAnswer> GetAsync(ShadowId shadow, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(shadow, ShadowRequestReader.ReadGet(request, Options), "get"));

    public Task<ShadowAnswer> UpdateAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(shadow, ShadowRequestReader.ReadUpdate(request, Options), "update"));

    public Task<ShadowAnswer> DeleteAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(shadow, ShadowRequestReader.ReadDelete(request, Options), "delete"));

    public IReadOnlyList<string> NamesOf(string thing, string after, int atMost) => [];

    private ShadowAnswer Answer(ShadowId shadow, ShadowRequest request, string operation)
    {
        ShadowTransition transition;
        lock (_lock)
        {
            transition = ShadowTransitions.Apply(shadow, _documents.GetValueOrDefault(shadow) ?? ShadowDocument.None, request, time.GetUtcNow().ToUnixTimeMilliseconds(), Options);
            if (transition is ShadowTransition.Updated updated)
                _documents[shadow] = updated.Next;
            else if (transition is ShadowTransition.Deleted deleted)
                _documents[shadow] = deleted.Next;
        }
        if (transition is ShadowTransition.Rejected rejected)
            return new ShadowAnswer.Rejected(rejected.Error, rejected.Body);
        if (operation != "get")
            Bus?.PublishAsync(new($"{shadow.TopicPrefix}/{operation}/accepted", transition.Body) { Origin = new("shadow") }, CancellationToken.None);
        return new ShadowAnswer.Accepted(_documents[shadow], transition.Body);
    }
}
