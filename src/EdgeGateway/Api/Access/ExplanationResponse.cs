namespace EdgeGateway.Api.Access;

/// <param name="Decision">ALLOWED, EXPLICIT_DENY or IMPLICIT_DENY.</param>
internal sealed record ExplanationResponse(
    string Decision, string Action, string Resource, string Client, string? Principal, string? Thing, IReadOnlyList<StatementResponse> Statements, IReadOnlyList<string> MissingVariables);
