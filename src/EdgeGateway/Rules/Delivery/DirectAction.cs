using EdgeGateway.Rules.Actions;

namespace EdgeGateway.Rules.Delivery;

/// <summary>Sends from memory, at once.</summary>
/// <param name="isFinal">One try: whatever fails is final; else the rule's runner tries again what may pass.</param>
internal sealed class DirectAction(ISendingAction action, bool isFinal) : IRuleAction
{
    public string FailureName => action.FailureName;

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var failure = action.Prepare(firing, out var parcels);
        if (failure is null && parcels.Count > 0)
        {
            var failures = await Task.WhenAll(parcels.Select((parcel, i) => SendAsync(firing, parcel, i, cancellationToken)));
            failure = failures.FirstOrDefault(static each => each is not null);
        }
        return failure is not null && isFinal ? failure with { IsRecoverable = false } : failure;
    }

    // What one receiver has is not sent to it again because another one failed.
    private async Task<RuleActionFailure?> SendAsync(RuleFiring firing, Parcel parcel, int receiver, CancellationToken cancellationToken)
    {
        if (firing.Sent.Contains(this, receiver))
            return null;
        var failure = await action.SenderOf(parcel).SendAsync(parcel, new ParcelContext($"{firing.Message.TraceId}-{receiver}", 1), cancellationToken);
        if (failure is null)
            firing.Sent.Add(this, receiver);
        return failure;
    }
}
