using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>One wired device as it is now; replaced whole, never changed.</summary>
/// <param name="Kind"><c>sensor</c>, <c>input</c> or <c>output</c>.</param>
/// <param name="Error">What is wrong and what to check, in one line; null while it works.</param>
/// <param name="Values">Last reading, or the output's real state; empty before the first.</param>
/// <param name="Readings">Readings, or looks at the real state.</param>
/// <param name="Failures">Failed readings or commands since the start.</param>
public sealed record WiredDevice(
    string Name,
    string Driver,
    string Kind,
    string? Bus,
    string? Address,
    string? Pin,
    WiredState State,
    string? Error,
    DateTimeOffset? ChangedAt,
    IReadOnlyList<WiredValue> Values,
    long Readings,
    long Failures)
{
    /// <summary>How often the driver was started anew since the gateway's start, because it hung or failed.</summary>
    public int Restarts { get; init; }

    /// <summary>It was adopted, and stands in no configuration file.</summary>
    public bool IsAdopted { get; init; }

    /// <summary>Why a command is not carried out yet: an interlock, a minimum time. Null where nothing waits.</summary>
    public string? Waiting { get; init; }

    internal static WiredDevice Starting(WiredOptions options, string kind) => new(
        options.Name, options.Driver.Name, kind, options.Option("bus"), options.Option("address") ?? options.Option("rom"), options.Option("pin"), WiredState.Starting, null, null, [], 0, 0);

    internal static string KindOf(DriverDescriptor driver) => (driver.Kind & DriverKind.EventInput) != 0 ? "input" : "sensor";

    internal WiredDevice Works(DateTimeOffset at, IReadOnlyList<WiredValue> values) =>
        this with { State = WiredState.Ok, Error = null, ChangedAt = at, Values = values, Readings = Readings + 1 };

    internal WiredDevice Fails(string error) => this with { State = WiredState.Failed, Error = error, Failures = Failures + 1 };
}
