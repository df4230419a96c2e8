namespace EdgeGateway.Rules;

/// <summary>What waits for a rule's loop: a message with the plan it runs with, or the time alone.</summary>
/// <param name="Message">Null: time has come for something.</param>
/// <param name="Position">In the journal; negative where it is not kept.</param>
/// <param name="Now">Of a mere tick, Unix milliseconds.</param>
/// <param name="Begins">The plan is the rule's new one: nothing else is to be done yet.</param>
internal readonly record struct RuleWork(RulePlan Plan, RoutedMessage? Message, long Position, long Now, bool Begins = false);
