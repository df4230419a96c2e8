namespace EdgeGateway.Configuration;

/// <summary>The configuration cannot be used; names every fault, so that one round of mending is enough.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationFault> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<ConfigurationFault> Faults { get; } = faults;
}
