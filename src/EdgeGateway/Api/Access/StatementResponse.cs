namespace EdgeGateway.Api.Access;

/// <summary>What one statement had to say.</summary>
/// <param name="Statement">Position in its document, from 0.</param>
/// <param name="Decides">It is one of those the decision rests on.</param>
/// <param name="Reason">What matched, or the first thing that did not.</param>
internal sealed record StatementResponse(string Policy, string Version, string Through, int Statement, string? Sid, string Effect, bool Matches, bool Decides, string Reason);
