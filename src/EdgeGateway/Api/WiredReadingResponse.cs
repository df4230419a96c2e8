using EdgeGateway.Devices;
using EdgeGateway.Drivers;

namespace EdgeGateway.Api;

/// <summary>One reading, calibrated and with units.</summary>
public sealed record WiredReadingResponse(string Name, IReadOnlyDictionary<string, WiredNumberOrWord> Values, IReadOnlyDictionary<string, string> Units, string Quality)
{
    internal static WiredReadingResponse From(string name, IReadOnlyList<WiredValue> values) =>
        new(name, WiredResponse.ValuesOf(values), WiredResponse.UnitsOf(values), values.Max(static value => value.Quality).ToText());
}
