using System.Collections.Immutable;
using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>An option of a driver, with its range.</summary>
/// <param name="Default">As it would be written; null where the option must be given.</param>
/// <param name="Choices">The values it may have, empty where only the range limits it.</param>
public sealed record DriverOption(string Name, OptionType Type, string? Default, ImmutableArray<string> Choices, double Minimum, double Maximum, string Description)
{
    public static DriverOption Text(string name, string? ifAbsent, string description) =>
        new(name, OptionType.Text, ifAbsent, [], double.NegativeInfinity, double.PositiveInfinity, description);

    public static DriverOption Choice(string name, string? ifAbsent, ImmutableArray<string> choices, string description) =>
        new(name, OptionType.Text, ifAbsent, choices, double.NegativeInfinity, double.PositiveInfinity, description);

    public static DriverOption Integer(string name, int? ifAbsent, int minimum, int maximum, string description) =>
        new(name, OptionType.Integer, ifAbsent?.ToString(CultureInfo.InvariantCulture), [], minimum, maximum, description);

    public static DriverOption IntegerOf(string name, int ifAbsent, ReadOnlySpan<int> choices, string description)
    {
        var words = ImmutableArray.CreateBuilder<string>(choices.Length);
        foreach (var choice in choices)
            words.Add(choice.ToString(CultureInfo.InvariantCulture));
        return new(name, OptionType.Integer, ifAbsent.ToString(CultureInfo.InvariantCulture), words.MoveToImmutable(),
            double.NegativeInfinity, double.PositiveInfinity, description);
    }

    public static DriverOption Number(string name, double? ifAbsent, double minimum, double maximum, string description) =>
        new(name, OptionType.Number, ifAbsent?.ToString(CultureInfo.InvariantCulture), [], minimum, maximum, description);

    public static DriverOption List(string name, string ifAbsent, ImmutableArray<string> choices, string description) =>
        new(name, OptionType.List, ifAbsent, choices, double.NegativeInfinity, double.PositiveInfinity, description);

    public static DriverOption Boolean(string name, bool ifAbsent, string description) =>
        new(name, OptionType.Boolean, ifAbsent ? "true" : "false", [], 0, 1, description);

    public static DriverOption Duration(string name, string ifAbsent, TimeSpan minimum, TimeSpan maximum, string description) =>
        new(name, OptionType.Duration, ifAbsent, [], minimum.TotalSeconds, maximum.TotalSeconds, description);

    /// <summary>True where the value is a GPIO number that the device takes for itself.</summary>
    public bool IsPin { get; init; }

    /// <summary>What a right value looks like, for messages and documents.</summary>
    public string Expectation => Type switch
    {
        OptionType.List => "some of " + string.Join(", ", Choices) + ", with commas between them",
        _ when !Choices.IsEmpty => "one of " + string.Join(", ", Choices),
        OptionType.Text => "a text",
        OptionType.Boolean => "true or false",
        OptionType.Duration => string.Create(CultureInfo.InvariantCulture, $"a duration of {OptionText.Duration(Minimum)} to {OptionText.Duration(Maximum)}"),
        OptionType.Integer => string.Create(CultureInfo.InvariantCulture, $"a whole number of {Minimum} to {Maximum}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a number of {Minimum} to {Maximum}"),
    };
}
