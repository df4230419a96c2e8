namespace EdgeGateway.Identity.Policies;

/// <summary>A parsed policy (AWS guide: IoT policies).</summary>
/// <param name="Id">The document's own <c>Id</c> element; no meaning here.</param>
/// <param name="Statements">At least one, in the document's order.</param>
/// <param name="Warnings">What is legal but likely not meant, one sentence each with its place.</param>
public sealed record PolicyDocument(string? Id, IReadOnlyList<PolicyStatement> Statements, IReadOnlyList<string> Warnings)
{
    /// <exception cref="MalformedPolicyException">Names the fault and its place.</exception>
    public static PolicyDocument Parse(string json) => PolicyParser.Parse(json);
}
