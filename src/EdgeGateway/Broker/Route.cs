using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>Who gets the messages of one topic, worked out once and kept until a subscription, a session or a policy changes.</summary>
internal sealed class Route(byte[] topic, int versionSlot, long version, long epoch)
{
    public byte[] Topic { get; } = topic;
    public int VersionSlot { get; } = versionSlot;
    public long Version { get; } = version;

    /// <summary>Epoch of the policies it was worked out under.</summary>
    public long Epoch { get; } = epoch;

    public Durability Durability { get; init; }

    public required RouteTarget[] Targets { get; init; }
    public required IMessageSink[] Sinks { get; init; }
    public required SharedGroup[] Groups { get; init; }
}
