using EdgeGateway.Messaging;

namespace EdgeGateway.Rules.Actions;

/// <summary>How actions publish: with the rule's origin, within the limit on hops.</summary>
internal static class BusPublishing
{
    public static async ValueTask<RuleActionFailure?> PublishAsync(
        this IMessageBus bus, RuleFiring firing, ApplicationMessage message, RulesOptions options, CancellationToken cancellationToken)
    {
        if (firing.Origin.Hops > options.MaxHops)
            return new(message.Topic, $"the message has been through {firing.Hops} rules and is dropped: do the rules feed each other?", "RepublishLoop", IsRecoverable: false);
        var outcome = await bus.PublishAsync(message with { Origin = firing.Origin }, cancellationToken);
        return outcome switch
        {
            PublishOutcome.Loop => new(message.Topic, $"the message has been through {firing.Hops} rules and is dropped: do the rules feed each other?", "RepublishLoop", IsRecoverable: false),
            PublishOutcome.Refused => new(message.Topic, $"the broker could not store the message for {message.Topic}", "StoreFull", IsRecoverable: true),
            _ => null,
        };
    }
}
