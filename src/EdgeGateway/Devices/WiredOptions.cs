using EdgeGateway.Configuration;
using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>What sensors and outputs have in common: a name that is also the thing's, a driver, and the driver's own options.</summary>
/// <param name="DriverOptions">As written, judged by the driver's own metadata.</param>
public sealed record WiredOptions(string Name, DriverDescriptor Driver, IReadOnlyDictionary<string, string> DriverOptions)
{
    /// <summary>What it takes of the header for itself.</summary>
    public IReadOnlyList<string> Places => DevicePlaces.Of(Driver, DriverOptions);

    /// <param name="own">Keys of the mapping that are not the driver's.</param>
    /// <param name="names">Names taken so far.</param>
    /// <returns>Null where a fault was recorded that leaves nothing to go on with.</returns>
    internal static WiredOptions? Read(ConfigurationNode node, DriverKind kind, ReadOnlySpan<string> own, HashSet<string> names)
    {
        var name = node.Required("name", "a name of letters, digits, ':', '_' and '-'; it becomes the thing's");
        if (name.Length > 0 && (name.Length > 128 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-')))
            node.Fault("name", $"is '{name}', expected 1 to 128 letters, digits, ':', '_' or '-'");
        else if (name.Length > 0 && !names.Add(name))
            node.Fault("name", $"is '{name}', which another device has already");
        var driverName = node.Required("driver", "one of the drivers that 'edgegateway drivers' lists");
        var driver = DriverCatalog.Find(driverName);
        if (driver is null || (driver.Kind & kind) == 0)
        {
            if (driverName.Length > 0)
                node.Fault("driver", $"is '{driverName}', expected one of {string.Join(", ", DriverCatalog.All.Where(known => (known.Kind & kind) != 0).Select(static known => known.Name))}");
            node.AcceptAll();
            return null;
        }
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in node.Keys)
            if (key is not ("name" or "driver") && !own.Contains(key) && node.String(key) is { } value)
                options[key] = value;
        foreach (var fault in driver.Validate(options))
            node.Fault(fault.Option, fault.Value is null ? $"is missing, expected {fault.Expectation}" : $"is '{fault.Value}', expected {fault.Expectation}");
        return new(name, driver, options);
    }

    /// <summary>Where it is wired, for people and attributes: bus, address, pin.</summary>
    public string? Option(string name) => DriverOptions.GetValueOrDefault(name) ?? Driver.Options.FirstOrDefault(option => option.Name == name)?.Default;
}
