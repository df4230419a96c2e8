using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>One connection to the upstream's shadow service; after it is lost, another one is made.</summary>
internal interface IShadowLink : IShadowUpstream, IAsyncDisposable
{
    /// <summary>Somebody else changed or deleted a shadow there.</summary>
    event Action<ShadowId>? Changed;

    /// <summary>Completes when the connection is gone.</summary>
    Task Closed { get; }

    /// <summary>Connects, and hears of every change from here on.</summary>
    /// <exception cref="UpstreamLostException">Not reached or not let in.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);
}
