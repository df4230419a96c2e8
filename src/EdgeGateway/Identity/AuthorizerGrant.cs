using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity;

/// <summary>What a custom authorizer or a provisioning claim granted one connection: documents, and for how long. The gateway watches the times.</summary>
public sealed class AuthorizerGrant
{
    private readonly TimeProvider _time;
    private readonly long _since;
    private readonly Func<AuthorizerGrant, CancellationToken, Task<bool>>? _refresh;
    private volatile IReadOnlyList<PolicyDocument> _documents;
    private long _refreshedAt;
    private long _refreshAfterTicks;
    private int _refreshing;

    /// <param name="refresh">Asks again and renews the grant; false ends it. Null: it is never refreshed.</param>
    internal AuthorizerGrant(
        TimeProvider time, IReadOnlyList<PolicyDocument> documents, TimeSpan disconnectAfter, TimeSpan refreshAfter, Func<AuthorizerGrant, CancellationToken, Task<bool>>? refresh)
    {
        (_time, _documents, DisconnectAfter, _refresh) = (time, documents, disconnectAfter, refresh);
        _since = _refreshedAt = time.GetTimestamp();
        _refreshAfterTicks = refreshAfter.Ticks;
    }

    public IReadOnlyList<PolicyDocument> Documents => _documents;

    /// <summary>From the connect on.</summary>
    public TimeSpan DisconnectAfter { get; }

    /// <summary>Its time is over: close the connection.</summary>
    public bool HasEnded => _time.GetElapsedTime(_since) >= DisconnectAfter;

    /// <summary>True once when it is time to call <see cref="RefreshAsync"/>.</summary>
    public bool TryBeginRefresh() =>
        _refresh is not null && _time.GetElapsedTime(Interlocked.Read(ref _refreshedAt)).Ticks >= Interlocked.Read(ref _refreshAfterTicks) && Interlocked.Exchange(ref _refreshing, 1) == 0;

    /// <returns>False: close the connection.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _refresh!(this, cancellationToken);
        }
        finally
        {
            Interlocked.Exchange(ref _refreshing, 0);
        }
    }

    internal void Renew(IReadOnlyList<PolicyDocument> documents, TimeSpan refreshAfter)
    {
        _documents = documents;
        Interlocked.Exchange(ref _refreshAfterTicks, refreshAfter.Ticks);
        Interlocked.Exchange(ref _refreshedAt, _time.GetTimestamp());
    }
}
