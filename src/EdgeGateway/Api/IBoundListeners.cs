namespace EdgeGateway.Api;

/// <summary>The TCP listeners of this run as they were bound.</summary>
public interface IBoundListeners
{
    /// <summary>Listener name to <c>ADDRESS:PORT</c>, as in <c>endpoints.json</c>; true once the gateway listens.</summary>
    IReadOnlyDictionary<string, string> Bound();
}
