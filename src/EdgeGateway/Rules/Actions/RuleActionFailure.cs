namespace EdgeGateway.Rules.Actions;

/// <summary>Why an action did not do its work.</summary>
/// <param name="Resource">Topic, table or whatever else it was about; `failedResource` of the error document.</param>
/// <param name="Code">For machines, such as `RepublishLoop`.</param>
/// <param name="IsRecoverable">It may work at another try (docs/rules.md).</param>
internal sealed record RuleActionFailure(string Resource, string Message, string Code, bool IsRecoverable);
