using EdgeGateway.Registry;

namespace EdgeGateway.Tests.Identity;

/// <summary>A registry feed that says what the test says.</summary>
internal sealed class FakeFeed : IRegistryFeed
{
    private long _sequence;

    public event Action<RegistryChange>? Committed;

    public void Say(RegistryChangeKind kind, string name, string? other = null) =>
        Committed?.Invoke(new RegistryChange(++_sequence, Guid.NewGuid().ToString(), 0, kind, name, other, ReadOnlyMemory<byte>.Empty));

    public Task<IRegistryFollowing> FollowAsync(string consumer, Func<RegistryChange, CancellationToken, ValueTask> handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException("identity builds its view anew at each start");
}
