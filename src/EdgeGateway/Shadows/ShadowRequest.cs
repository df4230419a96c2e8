using EdgeGateway.Shadows.Json;

namespace EdgeGateway.Shadows;

/// <summary>What somebody asks of one shadow, read and checked as far as that is possible without the shadow.</summary>
/// <param name="ClientToken">Canonical JSON string with its quotes; empty if none was sent or it could not be read.</param>
internal abstract record ShadowRequest(ReadOnlyMemory<byte> ClientToken)
{
    public sealed record Get(ReadOnlyMemory<byte> ClientToken) : ShadowRequest(ClientToken);

    public sealed record Delete(ReadOnlyMemory<byte> ClientToken) : ShadowRequest(ClientToken);

    /// <param name="Desired">What to change in it; null where <paramref name="ClearsDesired"/> or nothing was said about it.</param>
    /// <param name="Version">The version the sender has seen; null if any will do.</param>
    /// <param name="ClearsDesired">The section was sent as null.</param>
    /// <param name="IsStateNull"><c>"state":null</c>: both sections are cleared.</param>
    /// <param name="IsTooLarge">The request's own state is over the limit; the sections are not complete then.</param>
    public sealed record Update(
        ShadowObject? Desired,
        ShadowObject? Reported,
        long? Version,
        ReadOnlyMemory<byte> ClientToken,
        bool ClearsDesired = false,
        bool ClearsReported = false,
        bool IsStateNull = false,
        bool IsTooLarge = false) : ShadowRequest(ClientToken);

    /// <summary>Cannot be carried out whatever the shadow is.</summary>
    public sealed record Invalid(ShadowError Error, ReadOnlyMemory<byte> ClientToken) : ShadowRequest(ClientToken);
}
