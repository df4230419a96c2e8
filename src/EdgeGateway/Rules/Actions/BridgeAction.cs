using EdgeGateway.Messaging;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`bridge`, of the gateway: `{"upstream":NAME,"topic":T}` puts the payload into the outbox of an upstream, which sends it when it can.</summary>
internal sealed class BridgeAction : IRuleAction
{
    private readonly IUpstreamOutbox _outbox;
    private readonly SqlTemplate _upstream;
    private readonly SqlTemplate _topic;
    private readonly QualityOfService _quality;

    private BridgeAction(IUpstreamOutbox outbox, SqlTemplate upstream, SqlTemplate topic, QualityOfService quality) => (_outbox, _upstream, _topic, _quality) = (outbox, upstream, topic, quality);

    public string FailureName => "BridgeAction";

    public static BridgeAction Create(ActionParameters parameters, IUpstreamOutbox outbox)
    {
        var upstream = parameters.Template("upstream");
        if (upstream.Literal is { } name && !outbox.Names.Contains(name))
            throw parameters.Invalid("upstream", $"is {name}: the configuration has no upstream of that name");
        return new(outbox, upstream, parameters.Template("topic"), (QualityOfService)parameters.Int32("qos", 1, 0, 1));
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var (upstream, topic) = (firing.Render(_upstream, "upstream"), firing.Render(_topic, "topic"));
        if (!Topics.IsValidName(topic))
            return new(topic, $"{topic} is no topic", "InvalidTopic", IsRecoverable: false);
        if (firing.Denied("edge:Bridge", "edge", $"upstream/{upstream}/topic/{topic}") is { } denied)
            return denied;
        if (!_outbox.Names.Contains(upstream))
            return new(upstream, $"the configuration has no upstream {upstream}", "UnknownUpstream", IsRecoverable: false);
        var ticket = _outbox.Store(upstream, new ApplicationMessage(topic, firing.Payload) { QualityOfService = _quality, ReceivedAt = firing.StoredAt, Origin = firing.Origin });
        if (ticket is null)
            return new(upstream, $"the outbox of {upstream} did not take the message: its disk failed, or the upstream has no route up, and so no queue", "StoreFull", IsRecoverable: true);
        await TicketWait.UntilKeptAsync(ticket.Value, cancellationToken);
        return null;
    }
}
