namespace EdgeGateway.Rules.Delivery;

/// <summary>What happens with a message whose other side does not take it (docs/rules.md).</summary>
public enum DeliveryMode
{
    /// <summary>One try; then the error action.</summary>
    Fire,

    /// <summary>A few tries within seconds; then the error action. What AWS does.</summary>
    Retry,

    /// <summary>On disk first, then sent until the other side has it, it is refused for good, or it is too old.</summary>
    Store,
}
