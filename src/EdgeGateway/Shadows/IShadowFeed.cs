namespace EdgeGateway.Shadows;

/// <summary>Everything that changed in any shadow, for the parts that follow: search, sync, the time series.</summary>
public interface IShadowFeed
{
    /// <summary>
    /// Raised for each accepted update and delete once it is on disk, before its answer leaves; one at a time, each shadow's changes in order.
    /// Handlers only take note and must not throw.
    /// </summary>
    event Action<ShadowChange>? Changed;

    /// <summary>
    /// The shadows that changed after a point, each once and as it is now, in the order of their last change; deleted ones too.
    /// Whoever keeps the last number it has worked off misses nothing, also across a crash: 0 gives every shadow.
    /// </summary>
    /// <param name="sequence">See <see cref="ShadowChange.Sequence"/>.</param>
    IReadOnlyList<StoredShadow> Since(long sequence, int atMost);
}
