namespace EdgeGateway.Shadows;

/// <summary>A save found the shadow at another version than the one it was made for.</summary>
internal sealed class ShadowWriteException(ShadowId shadow, long expected)
    : Exception($"shadow {shadow} is not at version {expected}: a write before this one has failed");
