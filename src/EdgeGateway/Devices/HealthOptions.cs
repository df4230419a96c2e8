using EdgeGateway.Configuration;

namespace EdgeGateway.Devices;

/// <summary>The gateway as a thing with telemetry of its own (<c>health.*</c>).</summary>
/// <param name="Enabled">Null: where the machine is a Raspberry Pi.</param>
public sealed record HealthOptions(bool? Enabled, TimeSpan Interval)
{
    internal static HealthOptions Read(ConfigurationNode section) => new(
        section.OneOf("enabled", "auto", "auto", "on", "off", "true", "false") switch { "on" or "true" => true, "off" or "false" => false, _ => null },
        section.Duration("interval", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));
}
