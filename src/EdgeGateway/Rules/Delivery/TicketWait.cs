using EdgeGateway.Messaging;

namespace EdgeGateway.Rules.Delivery;

/// <summary>Waits for another part's disk.</summary>
internal static class TicketWait
{
    public static async Task UntilKeptAsync(DurabilityTicket ticket, CancellationToken cancellationToken)
    {
        if (ticket.IsKept)
            return;
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(IDurableLog log)
        {
            if (ticket.IsKept)
                kept.TrySetResult();
        }
        ticket.Source!.Committed += Look;
        try
        {
            Look(ticket.Source);
            await kept.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            ticket.Source.Committed -= Look;
        }
    }
}
