using System.Globalization;
using System.Text;

namespace EdgeGateway.Drivers;

/// <summary>The page of a driver for <c>docs/drivers/</c>, made from its metadata alone.</summary>
public static class DriverDocument
{
    /// <summary>Markdown, lines ended by a line feed.</summary>
    public static string Page(DriverDescriptor driver)
    {
        var text = new StringBuilder();
        Line(text, $"# {driver.Name}");
        Line(text);
        Line(text, $"{driver.Chip}: {Lower(driver.Description)}. {Bus(driver)} Written from {driver.Datasheet}.");
        if (driver.Wiring.Length > 0)
            Section(text, "Wiring", driver.Wiring);
        Section(text, "Configuration", $"```yaml\n{Configuration(driver)}```");
        Options(text, driver);
        Readings(text, driver);
        States(text, driver);
        Events(text, driver);
        if (driver.Accuracy.Length > 0)
            Section(text, "Accuracy", driver.Accuracy);
        if (!driver.Notes.IsEmpty)
            Section(text, "Good to know", string.Join('\n', driver.Notes.Select(note => $"- {note}")));
        return text.ToString();
    }

    /// <summary>Lines for the gateway's configuration, with the options that must be given and those that tell two of a kind apart.</summary>
    public static string Configuration(DriverDescriptor driver)
    {
        var text = new StringBuilder();
        Line(text, driver.Kind.HasFlag(DriverKind.Actuator) && !driver.Kind.HasFlag(DriverKind.Sensor) ? "outputs:" : "sensors:");
        Line(text, $"  - name: my-{driver.Name}");
        Line(text, $"    driver: {driver.Name}");
        foreach (var option in driver.Options.Where(option => option.Default is null || option.Name is "bus" or "address"))
            Line(text, $"    {option.Name}: {option.Default ?? Sample(option)}");
        return text.ToString();
    }

    /// <summary>The list of all, for <c>docs/drivers/README.md</c>.</summary>
    public static string Index(IEnumerable<DriverDescriptor> drivers)
    {
        var text = new StringBuilder();
        Line(text, "# Drivers");
        Line(text);
        Line(text, "Made from the drivers' own metadata, which `edgegateway drivers` and the console show too.");
        Line(text);
        Line(text, "| driver | chip | bus | what it is |");
        Line(text, "| --- | --- | --- | --- |");
        foreach (var driver in drivers)
            Line(text, $"| [{driver.Name}]({driver.Name}.md) | {driver.Chip} | {BusWord(driver.Bus)} | {driver.Description} |");
        return text.ToString();
    }

    private static string Sample(DriverOption option) =>
        option.Choices.IsEmpty ? option.Type is OptionType.Integer ? Number(Math.Clamp(17, option.Minimum, option.Maximum)) : "..." : option.Choices[0];

    private static void Options(StringBuilder text, DriverDescriptor driver)
    {
        if (driver.Options.IsEmpty)
            return;
        Line(text);
        Line(text, "| option | if absent | takes | meaning |");
        Line(text, "| --- | --- | --- | --- |");
        foreach (var option in driver.Options)
            Line(text, $"| `{option.Name}` | {(option.Default is null ? "must be given" : option.Default.Length == 0 ? "" : $"`{option.Default}`")} | {Cell(option.Expectation)} | {Cell(option.Description)} |");
    }

    private static void Readings(StringBuilder text, DriverDescriptor driver)
    {
        if (driver.Readings.IsEmpty)
            return;
        Table(text, "Readings", "| reading | unit | range | meaning |", 4);
        foreach (var reading in driver.Readings)
            Line(text, $"| `{reading.Name}` | {reading.Unit} | {Number(reading.Minimum)} to {Number(reading.Maximum)} | {Cell(reading.Description)} |");
    }

    private static void States(StringBuilder text, DriverDescriptor driver)
    {
        if (driver.States.IsEmpty)
            return;
        Table(text, "State", "| value | takes | unit | meaning |", 4);
        foreach (var state in driver.States)
        {
            var takes = !state.Choices.IsEmpty ? string.Join(", ", state.Choices)
                : state.Minimum is { } minimum && state.Maximum is { } maximum ? $"{Number(minimum)} to {Number(maximum)}" : "a text";
            Line(text, $"| `{state.Name}` | {takes} | {state.Unit} | {Cell(state.Description)} |");
        }
    }

    private static void Events(StringBuilder text, DriverDescriptor driver)
    {
        if (driver.Events.IsEmpty)
            return;
        Table(text, "Events", "| event | meaning |", 2);
        foreach (var raised in driver.Events)
            Line(text, $"| `{raised.Name}` | {Cell(raised.Description)} |");
    }

    private static void Table(StringBuilder text, string title, string head, int columns)
    {
        Section(text, title, head);
        Line(text, "|" + string.Concat(Enumerable.Repeat(" --- |", columns)));
    }

    private static void Section(StringBuilder text, string title, string body)
    {
        Line(text);
        Line(text, $"## {title}");
        Line(text);
        Line(text, body);
    }

    private static string Bus(DriverDescriptor driver) => driver.Addresses.IsEmpty
        ? $"Wired by {BusWord(driver.Bus)}."
        : $"Wired by {BusWord(driver.Bus)}, address {string.Join(", ", driver.Addresses.Select(I2cBusOwner.Hex))}.";

    private static string BusWord(BusKind bus) => bus switch
    {
        BusKind.I2c => "I²C",
        BusKind.Spi => "SPI",
        BusKind.Gpio => "GPIO",
        BusKind.OneWire => "1-Wire",
        BusKind.Uart => "a serial line",
        BusKind.Modbus => "Modbus RTU",
        BusKind.Pwm => "PWM",
        _ => "the kernel",
    };

    private static string Lower(string text) => text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    // A counter has no upper end.
    private static string Number(double value) => Math.Abs(value) >= 1e15 ? "any" : value.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
