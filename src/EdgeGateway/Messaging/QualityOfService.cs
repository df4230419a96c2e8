namespace EdgeGateway.Messaging;

/// <summary>How often a message is delivered (MQTT 5.0 §4.3).</summary>
public enum QualityOfService : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
