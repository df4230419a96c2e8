using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>The shadow service of the upstream.</summary>
internal interface IShadowUpstream
{
    /// <exception cref="UpstreamLostException">No answer: whether anything happened is unknown.</exception>
    Task<ShadowSide> GetAsync(ShadowId shadow, CancellationToken cancellationToken);

    /// <param name="request">Body of an update, with its client token.</param>
    /// <inheritdoc cref="GetAsync"/>
    Task<UpstreamAnswer> UpdateAsync(ShadowId shadow, byte[] request, CancellationToken cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    Task<UpstreamAnswer> DeleteAsync(ShadowId shadow, string clientToken, CancellationToken cancellationToken);
}
