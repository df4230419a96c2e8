namespace EdgeGateway.Pages.Live;

/// <summary>How the stream of messages fares.</summary>
internal enum LiveState
{
    Connecting,
    Live,

    /// <summary>Lost or refused; the next attempt is due at <see cref="LiveFeed.NextAttempt"/>.</summary>
    Waiting,
}
