using EdgeGateway.Messaging;

namespace EdgeGateway.Rules;

/// <summary>Basic Ingest: what is published to `$aws/rules/NAME/REST` goes to that rule alone (AWS guide: SQL reference).</summary>
internal sealed class IngestSink(RuleEngine engine) : IMessageSink
{
    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (RuleTopics.TryBasicIngest(message.TopicString, out var ruleName, out var rest))
            return engine.Ingest(ruleName, RoutedMessage.Ingested(message, rest));
        return DurabilityTicket.None;
    }
}
