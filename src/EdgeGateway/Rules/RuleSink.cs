using EdgeGateway.Messaging;
using EdgeGateway.Rules.State;

namespace EdgeGateway.Rules;

/// <summary>One rule's subscription on the bus, with the plan its messages run with.</summary>
/// <param name="journal">Null for rules that remember nothing.</param>
internal sealed class RuleSink(RuleRunner runner, RulePlan plan, RuleJournal? journal) : IMessageSink
{
    public DurabilityTicket OnMessage(in MessageView message)
    {
        // A FROM of '$aws/#' takes no part in Basic Ingest: that is one rule's own (AWS guide: SQL reference).
        if (message.Topic.StartsWith("$aws/rules/"u8))
            return DurabilityTicket.None;
        if (!runner.IsActive(plan))
            return DurabilityTicket.None;
        if (plan.CanPrefilter && runner.TryPassOver(plan, message))
            return DurabilityTicket.None;
        var routed = RoutedMessage.Take(message, this);
        if (!routed.TryTakeFor(runner))
            return DurabilityTicket.None;
        if (journal is null)
        {
            runner.Enqueue(plan, routed);
            return DurabilityTicket.None;
        }
        lock (runner.Intake)
        {
            var ticket = journal.Append(runner.Name, message, out var position);
            runner.Enqueue(plan, routed, position);
            return ticket;
        }
    }
}
