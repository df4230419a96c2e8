namespace EdgeGateway.Rules.Delivery;

/// <summary>In which order stored messages go.</summary>
public enum DeliveryOrder
{
    /// <summary>Messages of one key in the order they came; a key of which nothing waits goes before those with a backlog.</summary>
    FreshFirst,

    /// <summary>One after the other, whatever their keys.</summary>
    Strict,
}
