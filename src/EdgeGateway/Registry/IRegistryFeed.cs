namespace EdgeGateway.Registry;

/// <summary>Everything written to the registry, in the order of the commits.</summary>
public interface IRegistryFeed
{
    /// <summary>
    /// Raised after the commit and before the writer gets its answer, in order and one at a time: for caches, which are built anew at each start.
    /// The catalog shows the change already. Handlers only take note and must not throw.
    /// </summary>
    event Action<RegistryChange>? Committed;

    /// <summary>
    /// Calls <paramref name="handler"/> for each change since the consumer's last one, in order and one at a time, at least once also across a crash:
    /// the place is kept with the registry and moves on after the handler completed. A handler that throws is called again with the same change after a pause.
    /// A consumer of a new name starts with the next change: <see cref="IRegistryFollowing.StartsAnew"/>.
    /// </summary>
    /// <param name="consumer">Lower-case name that stays the same over restarts, such as <c>search</c>.</param>
    Task<IRegistryFollowing> FollowAsync(string consumer, Func<RegistryChange, CancellationToken, ValueTask> handler, CancellationToken cancellationToken);
}
