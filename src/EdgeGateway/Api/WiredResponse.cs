using System.Text.Json.Serialization;
using EdgeGateway.Devices;
using EdgeGateway.Drivers;

namespace EdgeGateway.Api;

/// <summary>One thing on the header, as <c>GET /edge/v1/wired</c> gives it.</summary>
/// <param name="Kind"><c>sensor</c>, <c>input</c> or <c>output</c>.</param>
/// <param name="State"><c>ok</c>, <c>failed</c>, <c>starting</c>, or <c>off</c> with <c>--safe</c>.</param>
/// <param name="Values">Numbers, or words such as <c>on</c>, by name.</param>
/// <param name="Settable">It is an output: <c>PUT /edge/v1/wired/NAME/state</c> asks it to change.</param>
public sealed record WiredResponse(
    string Name,
    string Driver,
    string Kind,
    string? Bus,
    string? Address,
    int? Pin,
    string State,
    string? Error,
    DateTimeOffset? LastReadingAt,
    IReadOnlyDictionary<string, WiredNumberOrWord> Values,
    IReadOnlyDictionary<string, string> Units,
    string? Quality,
    long Readings,
    long Failures,
    bool Settable,
    int Restarts,
    bool Adopted,
    string? Waiting)
{
    internal static WiredResponse From(WiredDevice device) => new(
        device.Name,
        device.Driver,
        device.Kind,
        device.Bus,
        device.Address,
        int.TryParse(device.Pin, out var pin) ? pin : null,
        device.State.ToText(),
        device.Error,
        device.ChangedAt,
        ValuesOf(device.Values),
        UnitsOf(device.Values),
        device.Values.Count == 0 ? null : device.Values.Max(static value => value.Quality).ToText(),
        device.Readings,
        device.Failures,
        device.Kind == "output",
        device.Restarts,
        device.IsAdopted,
        device.Waiting);

    internal static Dictionary<string, WiredNumberOrWord> ValuesOf(IReadOnlyList<WiredValue> values) => values.ToDictionary(static value => value.Name, static value => new WiredNumberOrWord(value.Value));

    internal static Dictionary<string, string> UnitsOf(IReadOnlyList<WiredValue> values) =>
        values.Where(static value => value.Value.IsNumber).ToDictionary(static value => value.Name, static value => value.Unit);
}
