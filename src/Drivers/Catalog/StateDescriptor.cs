using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>A value of an output's state.</summary>
/// <param name="Choices">The words it may be, empty where it is a number or free text.</param>
/// <param name="Minimum">Smallest number; null where it is not a number.</param>
public sealed record StateDescriptor(string Name, ImmutableArray<string> Choices, double? Minimum, double? Maximum, string Unit, string Description)
{
    public static StateDescriptor Switch(string description) =>
        new("state", [ActuatorState.On, ActuatorState.Off], null, null, Drivers.Unit.None, description);

    public static StateDescriptor Number(string name, double minimum, double maximum, string unit, string description) =>
        new(name, [], minimum, maximum, unit, description);

    public static StateDescriptor Words(string name, string description) => new(name, [], null, null, Drivers.Unit.None, description);
}
