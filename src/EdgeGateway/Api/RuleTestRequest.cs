using System.Text.Json;

namespace EdgeGateway.Api;

/// <summary>Body of <c>POST /edge/v1/rules/test</c>: nothing is carried out.</summary>
public sealed record RuleTestRequest
{
    public required string Sql { get; init; }

    /// <summary>As <c>awsIotSqlVersion</c>; absent: 2016-03-23.</summary>
    public string? Version { get; init; }

    public required IReadOnlyList<RuleTestMessage> Messages { get; init; }

    /// <summary>Actions in AWS's JSON, whose templates are filled in for the answer.</summary>
    public IReadOnlyList<JsonElement>? Actions { get; init; }
}
