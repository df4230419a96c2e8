using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>Tests that drive a virtual clock and need the thread pool for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class VirtualTime
{
    public const string Name = "Virtual time";
}
