using System.Text.Json;

namespace EdgeGateway.Pages.Wire;

/// <summary>Body of <c>POST /edge/v1/rules/test</c>: nothing is carried out.</summary>
public sealed record RuleTestRequest(string Sql, string Version, IReadOnlyList<RuleTestMessage> Messages);

/// <summary>One message to try a statement on.</summary>
public sealed record RuleTestMessage(string Topic, JsonElement Payload, string? ClientId);
