namespace EdgeGateway.Pages.Wire;

/// <summary>A driver: what can be wired, how, and what it says.</summary>
public sealed record DriverSummary
{
    public required string Name { get; init; }
    public string Chip { get; init; } = "";
    public string Description { get; init; } = "";

    /// <summary><c>sensor</c>, <c>actuator</c>, <c>input</c>; several may hold.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary><c>i2c</c>, <c>spi</c>, <c>gpio</c>, <c>1-wire</c>, <c>uart</c>, <c>modbus</c>, <c>pwm</c>, <c>kernel</c>.</summary>
    public string Bus { get; init; } = "";

    /// <summary>On I²C, the chip's own first.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public IReadOnlyList<DriverReadingSummary> Readings { get; init; } = [];
    public IReadOnlyList<DriverStateSummary> States { get; init; } = [];
    public IReadOnlyList<DriverEventSummary> Events { get; init; } = [];
    public IReadOnlyList<DriverOptionSummary> Options { get; init; } = [];

    /// <summary>Lines for the configuration, as an example.</summary>
    public string Configuration { get; init; } = "";

    public string Datasheet { get; init; } = "";
    public string Wiring { get; init; } = "";
    public string Accuracy { get; init; } = "";
    public IReadOnlyList<string> Notes { get; init; } = [];
}
