using System.Text.Json;
using EdgeGateway.Rules;

namespace EdgeGateway.Api;

/// <summary>What a rule made of one message: a line of <c>GET /edge/v1/rules/NAME/trace</c>.</summary>
public sealed record RuleTraceLine
{
    public required DateTimeOffset At { get; init; }
    public required string Topic { get; init; }
    public string? ClientId { get; init; }
    public required bool Fired { get; init; }

    /// <summary>The part of WHERE that was not true, with the values in it.</summary>
    public string? WhyNot { get; init; }

    public JsonElement? Payload { get; init; }
    public string? PayloadBase64 { get; init; }
    public JsonElement? Output { get; init; }
    public string? OutputBase64 { get; init; }
    public string? Error { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Null for recorded messages, which are evaluated once more.</summary>
    public double? EvaluationMicroseconds { get; init; }

    internal static RuleTraceLine From(RuleTraceEntry entry) => new()
    {
        At = entry.At,
        Topic = entry.Topic,
        ClientId = entry.ClientId,
        Fired = entry.Fired,
        WhyNot = entry.WhyNot,
        Payload = entry.IsJson ? RuleEndpoints.Json(entry.Payload) : null,
        PayloadBase64 = entry.IsJson ? null : entry.Payload,
        Output = entry.OutputIsJson ? RuleEndpoints.Json(entry.Output!) : null,
        OutputBase64 = entry.OutputIsJson ? null : entry.Output,
        Error = entry.Error,
        Notes = entry.Notes,
        EvaluationMicroseconds = entry.EvaluationTime == TimeSpan.Zero ? null : entry.EvaluationTime.TotalMicroseconds,
    };
}
