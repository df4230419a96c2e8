using EdgeGateway.Drivers;

namespace EdgeGateway.Api;

/// <summary>A driver as its metadata tells of it: for the command line and the console.</summary>
public sealed record DriverResponse
{
    public required string Name { get; init; }

    public required string Chip { get; init; }

    public required string Description { get; init; }

    /// <summary><c>sensor</c>, <c>actuator</c>, <c>input</c>; several may hold.</summary>
    public required string[] Kinds { get; init; }

    /// <summary><c>i2c</c>, <c>spi</c>, <c>gpio</c>, <c>1-wire</c>, <c>uart</c>, <c>modbus</c>, <c>pwm</c>, <c>kernel</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>I²C addresses such as <c>0x76</c>, the chip's own first.</summary>
    public required string[] Addresses { get; init; }

    public required DriverReading[] Readings { get; init; }

    public required DriverState[] States { get; init; }

    public required DriverEvent[] Events { get; init; }

    public required DriverOptionResponse[] Options { get; init; }

    /// <summary>Lines for the configuration, as an example.</summary>
    public required string Configuration { get; init; }

    public required string Datasheet { get; init; }

    public required string Wiring { get; init; }

    public required string Accuracy { get; init; }

    public required string[] Notes { get; init; }

    public required double ShortestIntervalSeconds { get; init; }

    /// <summary>Every driver, by name.</summary>
    public static DriverResponse[] All() => [.. DriverCatalog.All.Select(From)];

    private static DriverResponse From(DriverDescriptor driver) => new()
    {
        Name = driver.Name,
        Chip = driver.Chip,
        Description = driver.Description,
        Kinds = [.. Words(driver.Kind)],
        Bus = driver.Bus.ToText(),
        Addresses = [.. driver.Addresses.Select(static address => $"0x{address:X2}")],
        Readings = [.. driver.Readings.Select(static reading => new DriverReading(reading.Name, reading.Unit, Finite(reading.Minimum), Finite(reading.Maximum), reading.Description))],
        States = [.. driver.States.Select(static state => new DriverState(state.Name, [.. state.Choices], state.Minimum, state.Maximum, state.Unit, state.Description))],
        Events = [.. driver.Events.Select(static known => new DriverEvent(known.Name, known.Description))],
        Options = [.. driver.Options.Select(static option => new DriverOptionResponse(option.Name, option.Type.ToString().ToLowerInvariant(), option.Default is null, option.Default, [.. option.Choices], option.Expectation, option.Description))],
        Configuration = DriverDocument.Configuration(driver),
        Datasheet = driver.Datasheet,
        Wiring = driver.Wiring,
        Accuracy = driver.Accuracy,
        Notes = [.. driver.Notes],
        ShortestIntervalSeconds = driver.ShortestInterval.TotalSeconds,
    };

    private static IEnumerable<string> Words(DriverKind kind)
    {
        if (kind.HasFlag(DriverKind.Sensor))
            yield return "sensor";
        if (kind.HasFlag(DriverKind.Actuator))
            yield return "actuator";
        if (kind.HasFlag(DriverKind.EventInput))
            yield return "input";
    }

    // A counter has no upper end: JSON has no infinity, and 1.8e308 helps nobody.
    private static double? Finite(double value) => Math.Abs(value) > 1e300 ? null : value;
}
