using EdgeGateway.Drivers;

namespace EdgeGateway.Api;

/// <summary>Answer of <c>POST /edge/v1/wired/scan</c>.</summary>
/// <param name="Problems">Buses that could not be looked at, and how to mend that.</param>
public sealed record ScanResponse(IReadOnlyList<ScannedDevice> Devices, IReadOnlyList<string> Problems)
{
    internal static ScanResponse From(DetectionResult result) => new([.. result.Devices.Select(ScannedDevice.From)], result.Problems);
}

/// <summary>Something that answers on a bus.</summary>
/// <param name="Driver">The best proposal's; null where there is none.</param>
/// <param name="Confidence"><c>certain</c>, <c>likely</c> or <c>guess</c>.</param>
/// <param name="ConfiguredAs">The chip of the configured device that is there; null if free.</param>
public sealed record ScannedDevice(
    string Bus, string Address, string? Chip, string? Driver, string? Confidence, string? Reason, string? ConfiguredAs, IReadOnlyList<string> Others, IReadOnlyList<string> Warnings)
{
    internal static ScannedDevice From(FoundDevice found)
    {
        var best = found.Proposals.Length > 0 ? found.Proposals[0] : null;
#pragma warning disable CA1308 // lower case is the word of the contract
        return new(found.Bus, found.Address, best?.Chip, best?.Driver, best?.Confidence.ToString().ToLowerInvariant(), best?.Reason, found.ConfiguredAs, [.. found.Proposals.Skip(1).Select(static other => other.Chip)], found.Warnings);
#pragma warning restore CA1308
    }
}
