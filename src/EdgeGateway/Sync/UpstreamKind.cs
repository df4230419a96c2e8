namespace EdgeGateway.Sync;

public enum UpstreamKind
{
    /// <summary>Any MQTT 5 or 3.1.1 broker.</summary>
    Mqtt,

    /// <summary>Another EdgeGateway: messages carry the way they took, so that none goes round.</summary>
    EdgeGateway,

    /// <summary>AWS IoT Core, with its limits.</summary>
    AwsIot,

    /// <summary>A web service that takes batches of messages as JSON by POST.</summary>
    Https,
}
