using EdgeGateway.Configuration;
using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>One device as an entry of <c>sensors</c> or <c>outputs</c>, from JSON: what is adopted is read as what is configured, by the same code.</summary>
internal sealed record DeviceDefinition(SensorOptions? Sensor, OutputOptions? Output)
{
    public WiredOptions? Wired => Sensor?.Wired ?? Output?.Wired;

    /// <param name="json">An object. Of what can be both, it is an output where it names outputs, as an expander does.</param>
    /// <param name="faults">All of them, by key and expectation.</param>
    public static DeviceDefinition Parse(string json, out IReadOnlyList<string> faults)
    {
        var tree = ConfigurationTree.Parse($"device: [{json}]", "adopted");
        var node = tree.Root.Items("device") is [var only] ? only : null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var driver = node?.String("driver") is { } name ? DriverCatalog.Find(name) : null;
        var definition = node is null ? new(null, null) : IsOutput(driver, node) ? new(null, OutputOptions.Read(node, names)) : new DeviceDefinition(SensorOptions.Read(node, names), null);
        faults = [.. tree.Faults().Select(static fault => $"{fault.Key.Split('.')[^1]} {fault.Message}")];
        return definition;
    }

    private static bool IsOutput(DriverDescriptor? driver, ConfigurationNode node) => driver is not null && (driver.Kind & DriverKind.Actuator) != 0
        && ((driver.Kind & DriverKind.Sensor) == 0 || node.String("outputs") is { Length: > 0 });
}
