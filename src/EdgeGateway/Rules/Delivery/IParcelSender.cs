using EdgeGateway.Rules.Actions;

namespace EdgeGateway.Rules.Delivery;

/// <summary>Sends what leaves the gateway.</summary>
internal interface IParcelSender
{
    string Kind { get; }

    /// <returns>Null once the other side has it.</returns>
    Task<RuleActionFailure?> SendAsync(Parcel parcel, ParcelContext context, CancellationToken cancellationToken);
}
