namespace EdgeGateway.Identity.Policies;

/// <summary>What one statement had to say to one request.</summary>
/// <param name="Index">Position in its document, from 0.</param>
/// <param name="Matched">Action, resource and conditions all matched.</param>
/// <param name="Reason">What matched, or the first thing that did not.</param>
/// <param name="Unresolved">Variables in its resources that had no value.</param>
public sealed record StatementVerdict(
    PolicySource Source, int Index, PolicyStatement Statement, bool Matched, string Reason, IReadOnlyList<string> Unresolved);
