using EdgeGateway.Shadows.Json;

namespace EdgeGateway.Shadows;

/// <summary>The shadow service as a pure function: document, request and time in, transition out (AWS guide: Shadow documents).</summary>
internal static class ShadowTransitions
{
    /// <param name="current"><see cref="ShadowDocument.None"/> or a tombstone where there is no shadow.</param>
    /// <param name="now">Unix time in milliseconds.</param>
    public static ShadowTransition Apply(ShadowId shadow, ShadowDocument current, ShadowRequest request, long now, ShadowOptions limits) => request switch
    {
        ShadowRequest.Update update => Update(current, update, now, limits),
        ShadowRequest.Get => current.Exists
            ? new ShadowTransition.Shown(current, ShadowBodies.Get(current, request.ClientToken, now))
            : Reject(ShadowError.NotFound(shadow), request, now),
        ShadowRequest.Delete => current.Exists
            ? new ShadowTransition.Deleted(ShadowDocument.Tombstone(current.Version + 1, now), current.Version, ShadowBodies.Deleted(current.Version, request.ClientToken, now))
            : Reject(ShadowError.NotFound(shadow), request, now),
        ShadowRequest.Invalid invalid => Reject(invalid.Error, request, now),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, null),
    };

    public static ShadowTransition.Rejected Reject(ShadowError error, ShadowRequest request, long now) =>
        new(error, ShadowBodies.Rejected(error, request.ClientToken, now));

    private static ShadowTransition Update(ShadowDocument current, ShadowRequest.Update update, long now, ShadowOptions limits)
    {
        if (update.Version is { } seen && !Matches(current, seen))
            return Reject(ShadowError.VersionConflict, update, now);
        if (update.IsTooLarge)
            return Reject(ShadowError.TooLarge, update, now);
        var before = current.Read();
        var desired = Merge(before.Desired, update.Desired, update.ClearsDesired || update.IsStateNull, now);
        var reported = Merge(before.Reported, update.Reported, update.ClearsReported || update.IsStateNull, now);
        if ((desired?.JsonLength ?? 0) + (reported?.JsonLength ?? 0) > limits.MaxDocumentBytes)
            return Reject(ShadowError.TooLarge, update, now);
        var next = ShadowDocument.Create(current.Version + 1, now, desired, reported);
        var delta = desired?.DeltaTo(reported);
        return new ShadowTransition.Updated(
            next,
            ShadowBodies.Updated(update, next.Version, now),
            delta is null ? null : () => ShadowBodies.Delta(delta, next.Version, update.ClientToken, now),
            () => ShadowBodies.Documents(current, before, next, (desired, reported), update.ClientToken, now));
    }

    /// <summary>Without a shadow there is nothing to have seen: 0, and 1 as the vendor's edge component takes it.</summary>
    private static bool Matches(ShadowDocument current, long seen) => current.Exists ? seen == current.Version : seen is 0 or 1;

    /// <returns>Null for a section without members: it disappears (AWS guide: Shadow documents).</returns>
    private static ShadowObject? Merge(ShadowObject? section, ShadowObject? patch, bool clear, long now)
    {
        if (clear)
            return null;
        var merged = patch is null ? section : (section ?? ShadowObject.Empty).Merge(patch, now);
        return merged is { Members.Count: > 0 } ? merged : null;
    }
}
