using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>The named values of an output, such as <c>state = on</c> or <c>level = 0.4</c>.</summary>
public sealed record ActuatorState(ImmutableArray<NamedState> Values)
{
    public const string On = "on", Off = "off";

    public static ActuatorState Of(string name, StateValue value) => new([new NamedState(name, value)]);

    public static ActuatorState Switch(bool on) => Of("state", on ? On : Off);

    public StateValue? Find(string name)
    {
        foreach (var value in Values)
            if (value.Name == name)
                return value.Value;
        return null;
    }

    public bool Equals(ActuatorState? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values)
            hash.Add(value);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", Values.Select(value => $"{value.Name}={value.Value}"));
}

public readonly record struct NamedState(string Name, StateValue Value);
