using EdgeGateway.Configuration;
using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>One entry of <c>outputs[]</c>. Its safe state is the driver's option <c>safe</c>.</summary>
public sealed record OutputOptions
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    public required WiredOptions Wired { get; init; }

    /// <summary>True: after an orderly stop, a power cut or the first start the desired state of the shadow is driven; false: the safe state stays until a new command.</summary>
    public bool RestoresOnStart { get; init; } = true;

    /// <summary>The same after the process or the driver has died: false unless configured, so that what may have caused it does not do so again.</summary>
    public bool RestoresAfterCrash { get; init; }

    /// <summary>True: an orderly stop leaves the state as it is, so that a restart or upgrade is not seen at the load; false: the safe state.</summary>
    public bool HoldsOnStop { get; init; }

    /// <summary>A command older than this is stale: the safe state is driven until the next one. Zero: commands hold for ever.</summary>
    public TimeSpan StaleAfter { get; init; }

    /// <summary>Shortest time a value that is on stays on before a command may end it; the safe state does not wait.</summary>
    public TimeSpan MinimumOn { get; init; }

    /// <summary>Shortest time a value that is off stays off. After a start it counts from there.</summary>
    public TimeSpan MinimumOff { get; init; }

    internal static OutputOptions? Read(ConfigurationNode node, HashSet<string> names)
    {
        if (WiredOptions.Read(node, DriverKind.Actuator, ["start", "crash", "stop", "staleAfter", "minimumHold", "minimumOn", "minimumOff"], names) is not { } wired)
            return null;
        var stop = node.OneOf("stop", "safe", "safe", "hold");
        if (stop == "hold" && wired.Driver.Bus == BusKind.Pwm)
            node.Fault("stop", $"is 'hold', expected 'safe': the pulses of a {wired.Driver.Name} end with the program");
        var hold = node.Duration("minimumHold", TimeSpan.Zero, TimeSpan.Zero, LongestHold);
        return new()
        {
            Wired = wired,
            RestoresOnStart = node.OneOf("start", "restore", "restore", "safe") == "restore",
            RestoresAfterCrash = node.OneOf("crash", "safe", "restore", "safe") == "restore",
            HoldsOnStop = stop == "hold",
            StaleAfter = node.Duration("staleAfter", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(365)),
            MinimumOn = node.Duration("minimumOn", hold, TimeSpan.Zero, LongestHold),
            MinimumOff = node.Duration("minimumOff", hold, TimeSpan.Zero, LongestHold),
        };
    }
}
