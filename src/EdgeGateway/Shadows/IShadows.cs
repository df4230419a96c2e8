using EdgeGateway.Messaging;

namespace EdgeGateway.Shadows;

/// <summary>
/// The shadows as the other parts of the gateway see them; devices come by topics (<see cref="ShadowTopics"/>). A change made here is notified
/// like any client's: <c>accepted</c>, <c>delta</c> and <c>documents</c> go out on MQTT. Refusals do not; they are only returned.
/// Requests on one shadow are worked off in their order; different shadows do not wait for each other.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public interface IShadows
{
    /// <summary>The shadow as it is on disk, at once; null if there is none.</summary>
    ShadowDocument? Find(ShadowId shadow);

    /// <summary>Waits for what was asked of this shadow before.</summary>
    /// <param name="request">Body as on <c>/get</c>: empty, or with a client token.</param>
    Task<ShadowAnswer> GetAsync(ShadowId shadow, ReadOnlyMemory<byte> request, CancellationToken cancellationToken);

    /// <param name="request">Body as on <c>/update</c> (AWS guide: Shadow documents); see <see cref="ShadowRequests"/>. Not to be written to afterwards.</param>
    /// <param name="origin">Who asks; passed on with the change.</param>
    /// <param name="cancellationToken">Ends the waiting. The update may happen all the same.</param>
    Task<ShadowAnswer> UpdateAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken);

    /// <inheritdoc cref="UpdateAsync"/>
    /// <param name="request">Body as on <c>/delete</c>: anything, read for a client token.</param>
    Task<ShadowAnswer> DeleteAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken);

    /// <summary>Names of the thing's named shadows in order of their bytes, the classic one left out.</summary>
    /// <param name="after">The page starts behind this name; empty for the first.</param>
    IReadOnlyList<string> NamesOf(string thing, string after, int atMost);
}
