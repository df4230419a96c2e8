using System.Text.Json;
using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>Makes things of chips that are found, while the gateway runs; what is adopted survives a restart.</summary>
public interface IAdoption
{
    /// <summary>Chips found and not configured, in the order they were found.</summary>
    IReadOnlyList<DeviceProposal> Proposals { get; }

    /// <summary>Looks at every bus now, and brings the proposals up to date.</summary>
    Task<DetectionResult> ScanAsync(CancellationToken cancellationToken);

    /// <param name="definition">An object as an entry of <c>sensors</c> or <c>outputs</c>. With <c>proposal</c>, its id, what is known from there may be left out:
    /// name, driver, bus, address. A sensor is read once before; <c>force: true</c> adopts it even where that fails.</param>
    Task<AdoptionResult> AdoptAsync(JsonElement definition, CancellationToken cancellationToken);

    /// <summary>Ends an adopted device and forgets it; its thing and shadow stay.</summary>
    Task<AdoptionResult> RemoveAsync(string name, CancellationToken cancellationToken);
}
