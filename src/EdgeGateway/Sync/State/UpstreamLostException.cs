namespace EdgeGateway.Sync.State;

/// <summary>The connection went, or the answer did not come: what was asked may have happened.</summary>
internal sealed class UpstreamLostException(string message, Exception? inner = null) : Exception(message, inner);
