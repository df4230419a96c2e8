namespace EdgeGateway.Broker;

/// <summary>How wide the broker is open (<c>broker.profile</c>); every single limit can still be set.</summary>
public enum BrokerProfile
{
    /// <summary>The whole MQTT standard, limits that suit a Pi.</summary>
    Standard,

    /// <summary>As narrow as AWS IoT Core: QoS 1 at most, eight filters a SUBSCRIBE, no retained copies to wildcards, and so on.</summary>
    Aws,

    /// <summary>The whole standard with the limits lifted.</summary>
    Open,
}
