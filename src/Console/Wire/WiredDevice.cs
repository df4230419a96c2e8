using System.Text.Json;

namespace EdgeGateway.Pages.Wire;

/// <summary>One thing on the header: a sensor, an output or an input.</summary>
public sealed record WiredDevice
{
    public required string Name { get; init; }
    public string Driver { get; init; } = "";

    /// <summary><c>sensor</c>, <c>output</c> or <c>input</c>.</summary>
    public string Kind { get; init; } = "";

    public string? Bus { get; init; }

    /// <summary>As configured: text (<c>0x76</c>, <c>28-0316…</c>) or a number.</summary>
    public JsonElement? Address { get; init; }

    public int? Pin { get; init; }

    /// <summary><c>ok</c>, <c>failed</c> or <c>starting</c>.</summary>
    public string State { get; init; } = "";

    public string? Error { get; init; }
    public DateTimeOffset? LastReadingAt { get; init; }
    public IReadOnlyDictionary<string, JsonElement> Values { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyDictionary<string, string> Units { get; init; } = new Dictionary<string, string>();
    public bool Settable { get; init; }
}
