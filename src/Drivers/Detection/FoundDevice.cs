using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>Something that answers on a bus.</summary>
/// <param name="Bus"><c>i2c-1</c>, <c>w1</c>.</param>
/// <param name="Address">"0x76" or a 1-Wire ROM: what the driver's option wants.</param>
/// <param name="Proposals">Best first.</param>
/// <param name="ConfiguredAs">The chip a configured device of ours has there, which was not disturbed; null if free.</param>
/// <param name="Warnings">Conflicts a person should know of.</param>
public sealed record FoundDevice(string Bus, string Address, ImmutableArray<DriverProposal> Proposals, string? ConfiguredAs, ImmutableArray<string> Warnings)
{
    /// <summary>The options a device of the best proposal's driver is created with.</summary>
    public IReadOnlyDictionary<string, string> Options => Bus == "w1"
        ? new Dictionary<string, string> { ["rom"] = Address }
        : new Dictionary<string, string> { ["bus"] = Bus, ["address"] = Address };
}
