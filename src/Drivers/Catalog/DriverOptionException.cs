using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>The options given do not fit the driver; every fault is named.</summary>
public sealed class DriverOptionException(string driver, ImmutableArray<OptionFault> faults)
    : ArgumentException($"{driver}: {string.Join("; ", faults)}")
{
    public string Driver { get; } = driver;

    public ImmutableArray<OptionFault> Faults { get; } = faults;
}
