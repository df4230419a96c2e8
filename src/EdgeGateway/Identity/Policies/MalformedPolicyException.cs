namespace EdgeGateway.Identity.Policies;

/// <summary>A policy document that does not hold to the language; AWS's MalformedPolicyException (400).</summary>
/// <param name="path">Place by name, such as <c>Statement[1].Condition.StringEquals</c>; empty for the document.</param>
/// <param name="line">1-based.</param>
/// <param name="column">1-based, in bytes of UTF-8.</param>
public sealed class MalformedPolicyException(MalformedPolicyError error, string path, int line, int column, string detail)
    : Exception($"line {line}, column {column}{(path.Length == 0 ? "" : $", {path}")}: {detail}")
{
    public MalformedPolicyError Error => error;

    public string Path => path;

    public int Line => line;

    public int Column => column;

    public string Detail => detail;
}
