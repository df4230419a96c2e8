using System.Collections.Immutable;
using EdgeGateway.Configuration;

namespace EdgeGateway.Devices;

/// <summary>What is wired (<c>sensors[]</c>, <c>outputs[]</c>, <c>interlocks[]</c>) and how new chips are looked for (<c>discovery</c>).</summary>
public sealed record DevicesOptions
{
    public ImmutableArray<SensorOptions> Sensors { get; init; } = [];

    public ImmutableArray<OutputOptions> Outputs { get; init; } = [];

    public ImmutableArray<InterlockOptions> Interlocks { get; init; } = [];

    public HealthOptions Health { get; init; } = new(false, TimeSpan.FromMinutes(1));

    /// <summary>Time between two looks for new chips; zero: only when asked.</summary>
    public TimeSpan DiscoveryInterval { get; init; }

    /// <summary>I²C buses that are looked at then.</summary>
    public IReadOnlyList<string> DiscoveryBuses { get; init; } = ["i2c-1"];

    /// <summary>No driver is started, no pin touched (<c>--safe</c>).</summary>
    public bool IsSafeMode { get; init; }

    internal static DevicesOptions Read(ConfigurationNode root)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        ImmutableArray<SensorOptions> sensors = [.. root.Items("sensors").Select(node => SensorOptions.Read(node, names)).OfType<SensorOptions>()];
        ImmutableArray<OutputOptions> outputs = [.. root.Items("outputs").Select(node => OutputOptions.Read(node, names)).OfType<OutputOptions>()];
        return new()
        {
            Sensors = sensors,
            Outputs = outputs,
            Interlocks = [.. root.Items("interlocks").Select(node => InterlockOptions.Read(node, outputs))],
            Health = HealthOptions.Read(root.Section("health")),
            DiscoveryBuses = root.Section("discovery").Strings("buses") is { Count: > 0 } buses ? buses : ["i2c-1"],
            DiscoveryInterval = root.Section("discovery").Duration("interval", TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeSpan.FromDays(1)),
        };
    }
}
