using System.Collections.Frozen;
using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>All that is to be known of a driver: the one source for the command line, the documents and the pages.</summary>
public sealed record DriverDescriptor
{
    /// <summary>As written in the configuration, such as <c>bme280</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The part number or what the thing is called.</summary>
    public required string Chip { get; init; }

    public required string Description { get; init; }

    public required DriverKind Kind { get; init; }

    public required BusKind Bus { get; init; }

    /// <summary>I²C addresses the chip can be strapped to, its own first; empty on other buses.</summary>
    public ImmutableArray<int> Addresses { get; init; } = [];

    public ImmutableArray<ReadingDescriptor> Readings { get; init; } = [];

    public ImmutableArray<StateDescriptor> States { get; init; } = [];

    public ImmutableArray<EventDescriptor> Events { get; init; } = [];

    /// <summary>Where it is wired (bus, address, pin) first, then its own.</summary>
    public required ImmutableArray<DriverOption> Options { get; init; }

    /// <summary>Document and revision the driver was written from.</summary>
    public required string Datasheet { get; init; }

    /// <summary>How it is wired, in a sentence or two.</summary>
    public string Wiring { get; init; } = "";

    /// <summary>What the datasheet promises, in a sentence.</summary>
    public string Accuracy { get; init; } = "";

    /// <summary>What goes wrong with it, a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Shortest sensible time between two readings.</summary>
    public TimeSpan ShortestInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Makes the device; touches no bus.</summary>
    public required Func<DriverContext, IDevice> Factory { get; init; }

    /// <summary>Every fault of the options given, in the order of <see cref="Options"/>; unknown names last.</summary>
    public ImmutableArray<OptionFault> Validate(IReadOnlyDictionary<string, string> given)
    {
        var faults = ImmutableArray.CreateBuilder<OptionFault>();
        foreach (var option in Options)
        {
            if (given.TryGetValue(option.Name, out var text) ? !Fits(option, text) : option.Default is null)
                faults.Add(new OptionFault(option.Name, text, option.Expectation));
        }

        foreach (var name in given.Keys.Where(name => !Options.Any(option => option.Name == name)).Order(StringComparer.Ordinal))
            faults.Add(new OptionFault(name, given[name], $"no such option; {Name} knows {string.Join(", ", Options.Select(option => option.Name))}"));
        return faults.ToImmutable();
    }

    /// <exception cref="DriverOptionException">An option is missing, unknown or out of range.</exception>
    public IDevice Create(IReadOnlyDictionary<string, string> given, IHeader header, TimeProvider time)
    {
        var faults = Validate(given);
        if (!faults.IsEmpty)
            throw new DriverOptionException(Name, faults);
        var values = new Dictionary<string, string>();
        foreach (var option in Options)
        {
            if (given.TryGetValue(option.Name, out var text) || (text = option.Default) is { Length: > 0 })
                values[option.Name] = text!;
        }

        return Factory(new DriverContext(this, new DriverOptions(values.ToFrozenDictionary()), header, time));
    }

    private static bool Fits(DriverOption option, string text)
    {
        double number;
        switch (option.Type)
        {
            case OptionType.Integer when OptionText.TryInteger(text, out var integer):
                return option.Choices.IsEmpty
                    ? integer >= option.Minimum && integer <= option.Maximum
                    : option.Choices.Any(choice => OptionText.TryInteger(choice, out var allowed) && allowed == integer);
            case OptionType.Number when OptionText.TryNumber(text, out number):
                return number >= option.Minimum && number <= option.Maximum;
            case OptionType.Duration when OptionText.TryDuration(text, out var duration):
                return duration.TotalSeconds >= option.Minimum - 1e-9 && duration.TotalSeconds <= option.Maximum + 1e-9;
            case OptionType.Boolean:
                return OptionText.TryBoolean(text, out _);
            case OptionType.Text:
                return option.Choices.IsEmpty ? text.Length > 0 || option.Default == "" : option.Choices.Contains(text);
            case OptionType.List:
                return OptionText.Words(text) is { Length: > 0 } words && words.All(option.Choices.Contains) && words.Distinct().Count() == words.Length;
            default:
                return false;
        }
    }
}
