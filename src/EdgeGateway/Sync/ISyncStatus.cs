namespace EdgeGateway.Sync;

/// <summary>The upstreams as status, metrics and the command line see them.</summary>
public interface ISyncStatus
{
    IReadOnlyList<UpstreamStatus> Upstreams { get; }

    /// <summary>What an upstream would not take: the newest of it, oldest first.</summary>
    /// <returns>Null: there is no upstream of that name.</returns>
    IReadOnlyList<ParkedMessage>? Parked(string upstream, int count);

    /// <summary>Tries at once what waits for its next attempt.</summary>
    /// <param name="name">Null: every upstream.</param>
    /// <returns>False: there is none of that name.</returns>
    bool ConnectNow(string? name);
}
