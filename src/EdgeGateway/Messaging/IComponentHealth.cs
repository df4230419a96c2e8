namespace EdgeGateway.Messaging;

/// <summary>
/// A part that can say how it fares; registered as a singleton of this type by its slice, read by <c>status</c> and by the watchdog.
/// </summary>
public interface IComponentHealth
{
    /// <summary>Lower-case name shown to people, such as <c>broker</c> or <c>sensor bench-3</c>.</summary>
    string Name { get; }

    /// <summary>Now; must not block.</summary>
    ComponentState State { get; }

    /// <summary>What is wrong and what to do, in one line; null when healthy.</summary>
    string? Message { get; }
}
