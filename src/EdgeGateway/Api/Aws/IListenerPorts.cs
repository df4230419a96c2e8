namespace EdgeGateway.Api.Aws;

/// <summary>The ports really bound, as the host knows them.</summary>
public interface IListenerPorts
{
    /// <summary>Of the HTTPS listener; null when it is off.</summary>
    int? Https { get; }
}
