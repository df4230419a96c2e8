namespace EdgeGateway.Rules.Roles;

/// <summary>The local roles that rules act under.</summary>
/// <remarks>Thread-safe; changes are durable when their task completes, and count from the next action on.</remarks>
public interface IRuleRoles
{
    /// <summary>In order of their names, without the built-in `edge-default`.</summary>
    IReadOnlyList<RuleRole> All { get; }

    /// <summary>Makes or replaces it.</summary>
    Task<RuleError?> PutAsync(RuleRole role);

    /// <summary>From then on nothing is allowed to rules that name it.</summary>
    Task<RuleError?> DeleteAsync(string name);

    /// <summary>The roles made here, those taken away among them, that a rule names anywhere: in its statement, its actions, its error action.</summary>
    IReadOnlyList<string> NamedIn(RuleDefinition definition);

    /// <param name="roleArn">As the action names it, by ARN or name; null: the built-in one.</param>
    /// <param name="action">Such as `iot:Publish`.</param>
    /// <param name="resource">Its full ARN.</param>
    /// <returns>Null where it is allowed, else why not.</returns>
    string? Refusal(string? roleArn, string action, string resource);
}
