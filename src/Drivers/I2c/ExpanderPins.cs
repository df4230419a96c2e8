using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>The pins of an expander by name and bit: which are outputs, what is wanted of them.</summary>
internal sealed class ExpanderPins
{
    private readonly ImmutableArray<string> _names;
    private readonly bool _activeLow;
    private readonly bool _safe;

    public ExpanderPins(DriverContext context, ImmutableArray<string> names)
    {
        _names = names;
        Outputs = Mask(context.Options, "outputs");
        Inverted = Mask(context.Options, "inverted") & ~Outputs;
        _activeLow = context.Options.Boolean("activeLow");
        _safe = context.Options.Text("safe") == ActuatorState.On;
        Latch = SafeLatch;
    }

    /// <summary>Bits of outputs.</summary>
    public int Outputs { get; }

    /// <summary>Bits of inputs that read the other way round.</summary>
    public int Inverted { get; }

    /// <summary>Levels wanted of the outputs; other bits are 0.</summary>
    public int Latch { get; private set; }

    public ActuatorState SafeState => State(SafeLatch);

    private int SafeLatch => _safe != _activeLow ? Outputs : 0;

    public static ImmutableArray<DriverOption> Options(ImmutableArray<string> names) =>
    [
        DriverOption.List("outputs", "", names, "pins that are outputs; the others are inputs"),
        DriverOption.List("inverted", "", names, "inputs that are 1 while low"),
        DriverOption.Boolean("activeLow", false, "outputs are on while low"),
        DriverOption.Choice("safe", "off", ["off", "on"], "outputs at start, at stop and when commands are stale"),
    ];

    public static ImmutableArray<ReadingDescriptor> Readings(ImmutableArray<string> names) =>
        [.. names.Select(name => new ReadingDescriptor(name, Unit.None, 0, 1, $"Pin {name.ToUpperInvariant()}: 1 is high"))];

    public static ImmutableArray<StateDescriptor> States(ImmutableArray<string> names) =>
    [
        .. names.Select(name => new StateDescriptor(name, [ActuatorState.On, ActuatorState.Off], null, null, Unit.None, $"Pin {name.ToUpperInvariant()}, where it is an output")),
    ];

    public bool Knows(NamedState value) => Bit(value.Name) is { } bit && (Outputs & bit) != 0 && value.Value.Text is ActuatorState.On or ActuatorState.Off;

    public string Expected => Outputs == 0
        ? "nothing: no pin is an output; see the option outputs"
        : "on or off for " + string.Join(", ", _names.Where(name => (Outputs & Bit(name)) != 0));

    public void Want(ActuatorState state)
    {
        foreach (var value in state.Values)
        {
            var bit = Bit(value.Name) ?? 0;
            var high = value.Value.Text == ActuatorState.On != _activeLow;
            Latch = high ? Latch | bit : Latch & ~bit;
        }
    }

    /// <param name="levels">Of all pins.</param>
    public ActuatorState State(int levels) =>
        new([.. _names.Where(name => (Outputs & Bit(name)) != 0).Select(name => new NamedState(name, (levels & Bit(name)) != 0 != _activeLow ? ActuatorState.On : ActuatorState.Off))]);

    public ImmutableArray<ReadingValue> Values(int levels) => [.. _names.Select(name => new ReadingValue(name, (levels & Bit(name)) != 0 ? 1 : 0, Unit.None))];

    public string Names(int bits) => string.Join(", ", _names.Where(name => (bits & Bit(name)) != 0));

    private int? Bit(string name) => _names.IndexOf(name) is >= 0 and var index ? 1 << index : null;

    private int Mask(DriverOptions options, string option)
    {
        var mask = 0;
        if (options.Has(option))
            foreach (var name in options.List(option))
                mask |= Bit(name) ?? 0;
        return mask;
    }
}
