using System.Text.Json;

namespace EdgeGateway.Api;

/// <summary>One rule in full: what it is made of, how it fares, what is odd about it.</summary>
public sealed record RuleDetail
{
    public required RuleSummary Status { get; init; }

    /// <summary>As AWS's GetTopicRule prints it.</summary>
    public required JsonElement Rule { get; init; }

    /// <summary>In order, the error action last.</summary>
    public required IReadOnlyList<ActionResponse> Actions { get; init; }

    public required string RuleArn { get; init; }

    /// <summary>The configuration's file the rule comes from; it is changed there only.</summary>
    public string? File { get; init; }

    /// <summary>What parses but cannot be meant, with line and column.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
