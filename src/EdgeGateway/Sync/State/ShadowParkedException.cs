namespace EdgeGateway.Sync.State;

/// <summary>This side does not take the shadow; the message says why. It waits for the next change.</summary>
internal sealed class ShadowParkedException(string message) : Exception(message);
