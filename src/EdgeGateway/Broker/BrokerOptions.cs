using EdgeGateway.Configuration;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>Limits of the broker (<c>broker.*</c>); the defaults suit a Pi with 1 GB.</summary>
public sealed record BrokerOptions
{
    public BrokerProfile Profile { get; init; }

    /// <summary>Largest PUBLISH payload in bytes, 1 KB to 256 MB; 128 KB if absent, as in the cloud.</summary>
    public long MaxPayloadBytes { get; init; } = 128 << 10;

    /// <summary>Largest packet in bytes: the payload and room for topic and properties.</summary>
    public int MaxPacketBytes => (int)Math.Min(MaxPayloadBytes + (16 << 10) + Topics.MaxBytes, 268_435_455);

    /// <summary>Unacknowledged QoS 1 and 2 messages a client may have on the way to us, and we to a client that names no limit.</summary>
    public ushort ReceiveMaximum { get; init; } = 100;

    /// <summary>Topic aliases a client may use towards us.</summary>
    public ushort TopicAliasMaximum { get; init; } = 64;

    /// <summary>Messages that wait for one session; the oldest goes when it is full.</summary>
    public int MaxQueuedMessages { get; init; } = 10_000;

    /// <summary>Payload bytes that wait for one session.</summary>
    public long MaxQueuedBytes { get; init; } = 16 << 20;

    /// <summary>Payload bytes that wait in memory for all sessions together; beyond it a durable message is read back from the log when its turn comes, any other is refused.</summary>
    public long MaxQueuedBytesTotal { get; init; } = 64 << 20;

    /// <summary>Bytes a receiver may be behind before QoS 0 messages to it are dropped and others wait in its queue.</summary>
    public int SlowReceiverBytes { get; init; } = 256 << 10;

    /// <summary>Longest life of a session without a connection; the longest a client can ask for.</summary>
    public TimeSpan MaxSessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Retained messages kept.</summary>
    public int MaxRetained { get; init; } = 100_000;

    /// <summary>Cap on the files of the broker's log; beyond it publishers of durable messages are refused.</summary>
    public long MaxLogBytes { get; init; } = 1L << 30;

    /// <summary>How long a commit waits for company: 0 on an SSD, up to 100 ms spares an SD card. Every acknowledgement of a durable message waits as long.</summary>
    public TimeSpan LogLinger { get; init; } = TimeSpan.Zero;

    /// <summary>The log is tidied when it has grown to this and to four times what is alive in it.</summary>
    public long LogCheckpointBytes { get; init; } = 64 << 20;

    public int MaxSubscriptionsPerSession { get; init; } = 1000;

    /// <summary>Filters one SUBSCRIBE may hold.</summary>
    public int MaxFiltersPerSubscribe { get; init; } = 1024;

    /// <summary>Longest topic name or filter in bytes.</summary>
    public int MaxTopicBytes { get; init; } = Topics.MaxBytes;

    /// <summary>Levels of a topic name or filter; what is deeper is refused, since each level of a filter takes memory.</summary>
    public int MaxTopicLevels { get; init; } = 1024;

    /// <summary>Clients connected at a time; more are told that the server is busy.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>CONNECTs of one client id a second; 0: any.</summary>
    public int ConnectRate { get; init; } = 5;

    /// <summary>
    /// PUBLISHes of one connection a second; 0: any. Who sends faster is read more slowly; in the profile <c>aws</c> it is disconnected (0x96).
    /// </summary>
    public int PublishRate { get; init; }

    /// <summary>Messages a second that a client gets of those that waited while it was away; 0: as fast as it takes them.</summary>
    public int DrainRate { get; init; }

    /// <summary>What happens to a message for a session whose queue is full.</summary>
    public QueueFullPolicy WhenFull { get; init; }

    /// <summary>Shortest keep-alive granted over MQTT 5, in seconds; 0: any.</summary>
    public int MinKeepAliveSeconds { get; init; }

    /// <summary>Longest keep-alive granted over MQTT 5, in seconds; 0: any.</summary>
    public int MaxKeepAliveSeconds { get; init; }

    /// <summary>Server reference that every MQTT 5 client is sent to (CONNACK 0x9D); null: clients are served here.</summary>
    public string? Redirect { get; init; }

    /// <summary>Time between two rounds of statistics on <c>$SYS/broker/…</c>; zero: none.</summary>
    public TimeSpan SysInterval { get; init; }

    /// <summary>Highest QoS.</summary>
    public QualityOfService MaximumQos => Profile == BrokerProfile.Aws ? QualityOfService.AtLeastOnce : QualityOfService.ExactlyOnce;

    /// <summary>Whether what MQTT has and AWS lacks is there: subscription identifiers, retained copies to wildcards, <c>a/#</c> matching <c>a</c>, "no matching subscribers".</summary>
    public bool IsWholeStandard => Profile != BrokerProfile.Aws;

    internal IReadOnlyList<DurabilityClass> Durability { get; init; } = [];

    private static BrokerOptions Of(string profile) => profile switch
    {
        "aws" => new()
        {
            Profile = BrokerProfile.Aws,
            TopicAliasMaximum = 8,
            MaxSubscriptionsPerSession = 50,
            MaxFiltersPerSubscribe = 8,
            MaxTopicBytes = 256,
            MaxTopicLevels = 8,
            ConnectRate = 1,
            PublishRate = 100,
            DrainRate = 10,
            MinKeepAliveSeconds = 30,
            MaxKeepAliveSeconds = 1200,
        },
        "open" => new()
        {
            Profile = BrokerProfile.Open,
            MaxPayloadBytes = 256 << 20,
            ReceiveMaximum = ushort.MaxValue,
            TopicAliasMaximum = 1024,
            MaxQueuedMessages = 1_000_000,
            MaxQueuedBytes = 256 << 20,
            MaxSessionExpiry = TimeSpan.FromDays(36500),
            MaxRetained = 10_000_000,
            MaxSubscriptionsPerSession = 1_000_000,
            MaxFiltersPerSubscribe = int.MaxValue,
            MaxConnections = 1_000_000,
            ConnectRate = 0,
        },
        _ => new(),
    };

    internal static BrokerOptions Read(ConfigurationNode section)
    {
        var defaults = Of(section.OneOf("profile", "standard", "standard", "aws", "open"));
        return defaults with
        {
            MaxPayloadBytes = section.Size("maxPayload", defaults.MaxPayloadBytes, 1 << 10, 256 << 20),
            ReceiveMaximum = (ushort)section.Int32("receiveMaximum", defaults.ReceiveMaximum, 1, 65535),
            TopicAliasMaximum = (ushort)section.Int32("topicAliasMaximum", defaults.TopicAliasMaximum, 0, 65535),
            MaxQueuedMessages = section.Int32("maxQueuedMessages", defaults.MaxQueuedMessages, 1, 10_000_000),
            MaxQueuedBytes = section.Size("maxQueuedBytes", defaults.MaxQueuedBytes, 64 << 10),
            MaxQueuedBytesTotal = section.Size("maxQueuedBytesTotal", defaults.MaxQueuedBytesTotal, 1 << 20),
            SlowReceiverBytes = (int)section.Size("slowReceiver", defaults.SlowReceiverBytes, 16 << 10, 64 << 20),
            MaxSessionExpiry = section.Duration("maxSessionExpiry", defaults.MaxSessionExpiry, TimeSpan.Zero, TimeSpan.FromDays(36500)),
            MaxRetained = section.Int32("maxRetained", defaults.MaxRetained, 0, 10_000_000),
            MaxLogBytes = section.Size("maxLog", defaults.MaxLogBytes, 32 << 20),
            LogLinger = section.Duration("linger", defaults.LogLinger, TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            LogCheckpointBytes = section.Size("checkpoint", defaults.LogCheckpointBytes, 16 << 20),
            MaxSubscriptionsPerSession = section.Int32("maxSubscriptionsPerSession", defaults.MaxSubscriptionsPerSession, 1, 1_000_000),
            MaxFiltersPerSubscribe = section.Int32("maxFiltersPerSubscribe", defaults.MaxFiltersPerSubscribe, 1),
            MaxTopicBytes = section.Int32("maxTopicBytes", defaults.MaxTopicBytes, 16, Topics.MaxBytes),
            MaxTopicLevels = section.Int32("maxTopicLevels", defaults.MaxTopicLevels, 1, 1024),
            MaxConnections = section.Int32("maxConnections", defaults.MaxConnections, 1, 1_000_000),
            ConnectRate = section.Int32("connectRate", defaults.ConnectRate, 0, 10_000),
            PublishRate = section.Int32("publishRate", defaults.PublishRate, 0, 10_000_000),
            DrainRate = section.Int32("drainRate", defaults.DrainRate, 0, 10_000_000),
            WhenFull = section.OneOf("whenFull", "drop-oldest", "drop-oldest", "drop-newest", "refuse") switch
            {
                "drop-newest" => QueueFullPolicy.DropNewest,
                "refuse" => QueueFullPolicy.Refuse,
                _ => QueueFullPolicy.DropOldest,
            },
            MinKeepAliveSeconds = section.Int32("minKeepAliveSeconds", defaults.MinKeepAliveSeconds, 0, 65535),
            MaxKeepAliveSeconds = section.Int32("maxKeepAliveSeconds", defaults.MaxKeepAliveSeconds, 0, 65535),
            Redirect = section.String("redirect"),
            SysInterval = section.Duration("sysInterval", defaults.SysInterval, TimeSpan.Zero, TimeSpan.FromDays(1)),
            Durability = DurabilityClass.Read(section),
        };
    }
}
