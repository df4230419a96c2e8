using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.Store;

namespace EdgeGateway.Sync.Uplink;

/// <summary>What the connections to one upstream share.</summary>
internal sealed record UplinkParts(
    UpstreamOptions Options,
    string GatewayName,
    Outbox Outbox,
    ParkedMessages Parked,
    DataBudget Budget,
    Refusals Refusals,
    UpstreamBoard Board,
    IMessageBus Bus,
    TimeProvider Time)
{
    /// <summary>The lowest class that may go: once the month's data are used up the highest alone.</summary>
    /// <param name="told">The caller's own: whether it has said that they are used up.</param>
    public MessageClass LeastClass(ref bool told)
    {
        var isUsedUp = Budget.IsUsedUp;
        if (isUsedUp != told && (told = isUsedUp))
            Board.Report(UplinkFaults.BudgetUsedUp(Budget));
        return isUsedUp ? MessageClass.High : MessageClass.Low;
    }

    /// <summary>
    /// Takes a message out of the way that the upstream does not take. It leaves the outbox once it is durable among the parked; where
    /// there is no room for it there, it is offered again in the next connection.
    /// </summary>
    public void Park(QueuedMessage message, in LogRecord record, string reason)
    {
        var topic = System.Text.Encoding.UTF8.GetString(record.Header.Span);
        if (Parked.Add(record, reason, () => Outbox.Acknowledge(message)))
            Board.Parked(topic, reason);
    }
}
