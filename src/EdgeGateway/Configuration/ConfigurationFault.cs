namespace EdgeGateway.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Place">File and line (<c>/etc/edgegateway/edgegateway.yaml:12</c>), <c>--set</c> or the environment variable.</param>
/// <param name="Key">Dotted path, such as <c>sensors.0.interval</c>.</param>
/// <param name="Message">What is there and what was expected.</param>
public sealed record ConfigurationFault(string Place, string Key, string Message)
{
    public override string ToString() => Key.Length == 0 ? $"{Place}: {Message}" : $"{Place}: {Key}: {Message}";
}
