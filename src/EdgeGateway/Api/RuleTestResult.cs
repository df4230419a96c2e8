using System.Text.Json;

namespace EdgeGateway.Api;

/// <summary>What a statement made of one message.</summary>
public sealed record RuleTestResult
{
    public required bool Matched { get; init; }

    /// <summary>The part that was false or Undefined, with the values in it; null when it matched.</summary>
    public string? WhyNot { get; init; }

    /// <summary>What an action would be given, where that is JSON.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>What an action would be given, where that is not JSON.</summary>
    public string? OutputBase64 { get; init; }

    /// <summary>Further outputs, where a window or unnest gives several.</summary>
    public IReadOnlyList<JsonElement> More { get; init; } = [];

    public string? Error { get; init; }

    /// <summary>What the output lacks and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The actions with their templates filled in.</summary>
    public IReadOnlyList<JsonElement> Actions { get; init; } = [];
}
