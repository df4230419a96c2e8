namespace EdgeGateway.Rules.Actions;

/// <summary>What a rule does with a message that matched. One instance per rule, used for all its messages.</summary>
internal interface IRuleAction
{
    /// <summary>Its name in the error document, such as `RepublishAction`.</summary>
    string FailureName { get; }

    /// <summary>
    /// Starts the work in order: what is done before the first wait is done in the order of the messages.
    /// </summary>
    /// <returns>Null when it is done, for tables when it is durable.</returns>
    ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken);
}
