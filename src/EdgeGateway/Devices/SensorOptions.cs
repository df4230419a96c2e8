using System.Collections.Frozen;
using EdgeGateway.Configuration;
using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>One entry of <c>sensors[]</c>.</summary>
public sealed record SensorOptions
{
    public required WiredOptions Wired { get; init; }

    /// <summary>Time between two readings; the driver's shortest to 1 d, 30 s if absent.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Shortest time between two writes of the reported shadow; 10 s if absent.</summary>
    public required TimeSpan ReportInterval { get; init; }

    /// <summary>By reading: what is done to the raw value.</summary>
    public required FrozenDictionary<string, Calibration> Calibration { get; init; }

    /// <summary>By reading: a change smaller than this is not reported to the shadow.</summary>
    public required FrozenDictionary<string, double> DeadBand { get; init; }

    /// <summary>Weight of the newest reading in the moving mean, above 0 to 1; 1 if absent: no smoothing.</summary>
    public required double Smoothing { get; init; }

    /// <summary>Values worked out from others: dewPoint, absoluteHumidity, altitude.</summary>
    public required IReadOnlyList<string> Derived { get; init; }

    /// <summary>Pressure at sea level in Pa, for <c>altitude</c>.</summary>
    public required double SeaLevelPressure { get; init; }

    /// <summary>A sensor without treatment of its values, reported to its shadow at every tenth reading at most.</summary>
    internal static SensorOptions Of(WiredOptions wired, TimeSpan interval) => new()
    {
        Wired = wired,
        Interval = interval,
        ReportInterval = interval * 10,
        Calibration = FrozenDictionary<string, Calibration>.Empty,
        DeadBand = wired.Driver.Readings.ToFrozenDictionary(static reading => reading.Name, static reading => Defaults(reading.Unit)),
        Smoothing = 1,
        Derived = [],
        SeaLevelPressure = 101_325,
    };

    internal static SensorOptions? Read(ConfigurationNode node, HashSet<string> names)
    {
        ReadOnlySpan<string> own = ["interval", "report", "calibration", "deadband", "smoothing", "derived", "seaLevelPressure"];
        if (WiredOptions.Read(node, DriverKind.Sensor | DriverKind.EventInput, own, names) is not { } wired)
            return null;
        var derived = node.Strings("derived");
        foreach (var name in derived)
            if (name is not ("dewPoint" or "absoluteHumidity" or "altitude"))
                node.Fault("derived", $"has '{name}', expected dewPoint, absoluteHumidity or altitude");
        return new()
        {
            Wired = wired,
            Interval = node.Duration("interval", TimeSpan.FromSeconds(30), wired.Driver.ShortestInterval, TimeSpan.FromDays(1)),
            ReportInterval = node.Duration("report", TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromDays(1)),
            Calibration = ReadCalibration(node.Section("calibration"), wired.Driver),
            DeadBand = ReadDeadBand(node.Section("deadband"), wired.Driver),
            Smoothing = node.Double("smoothing", 1, 0.001, 1),
            Derived = derived,
            SeaLevelPressure = node.Double("seaLevelPressure", 101_325, 80_000, 120_000),
        };
    }

    private static FrozenDictionary<string, Calibration> ReadCalibration(ConfigurationNode section, DriverDescriptor driver)
    {
        var calibrations = new Dictionary<string, Calibration>();
        foreach (var name in section.Keys)
            if (IsReading(section, name, driver))
                calibrations[name] = Devices.Calibration.Read(section.Section(name));
            else
                section.Section(name).AcceptAll();
        return calibrations.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, double> ReadDeadBand(ConfigurationNode section, DriverDescriptor driver)
    {
        var bands = driver.Readings.ToDictionary(static reading => reading.Name, static reading => Defaults(reading.Unit));
        foreach (var name in section.Keys)
            if (IsReading(section, name, driver))
                bands[name] = section.Double(name, 0, 0);
        return bands.ToFrozenDictionary();
    }

    private static bool IsReading(ConfigurationNode section, string name, DriverDescriptor driver)
    {
        var isReading = driver.Readings.Any(reading => reading.Name == name);
        if (!isReading)
            section.Fault(name, $"is no reading of {driver.Name}, expected one of {string.Join(", ", driver.Readings.Select(static reading => reading.Name))}");
        return isReading;
    }

    // About what the chips' noise is, so that a quiet room does not wear out the card.
    private static double Defaults(string unit) => unit switch
    {
        Unit.Celsius => 0.1,
        Unit.RelativeHumidity => 0.5,
        Unit.Pascal => 20,
        Unit.PartsPerMillion or Unit.PartsPerBillion => 5,
        Unit.Lux => 5,
        Unit.Volt => 0.005,
        _ => 0,
    };
}
