namespace EdgeGateway.Registry;

/// <summary>One consumer's place in the feed. Disposed, it stops after the handler that runs; the place is kept.</summary>
public interface IRegistryFollowing : IAsyncDisposable
{
    /// <summary>
    /// The consumer is new, or was away so long that its place was given up: changes before now are not delivered,
    /// so it builds anew from <see cref="IThingCatalog"/>.
    /// </summary>
    bool StartsAnew { get; }
}
