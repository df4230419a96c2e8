using EdgeGateway.Rules.Actions;

namespace EdgeGateway.Rules.Delivery;

/// <summary>An action whose work leaves the gateway, in two steps: what the message says, and the sending.</summary>
internal interface ISendingAction
{
    string FailureName { get; }

    IParcelSender SenderOf(Parcel parcel);

    /// <summary>Renders the templates and asks the role; what it gives no longer needs the rule.</summary>
    /// <param name="parcels">One for each receiver.</param>
    RuleActionFailure? Prepare(RuleFiring firing, out IReadOnlyList<Parcel> parcels);
}
