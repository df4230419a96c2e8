using EdgeGateway.Configuration;

namespace EdgeGateway.Rules;

/// <summary>The section `rules`.</summary>
internal sealed record RulesOptions
{
    /// <summary>No rule gets a message (<c>--safe</c>).</summary>
    public bool IsSafeMode { get; init; }

    /// <summary>Rules a message may go through before it is taken for a loop and dropped; 1 to 16, 8 if absent.</summary>
    public int MaxHops { get; init; } = 8;

    /// <summary>Messages that may wait for one rule; more are dropped and counted. 1000 if absent.</summary>
    public int QueueLength { get; init; } = 1000;

    /// <summary>Messages of one rule whose actions may be under way at once; starts keep their order. 256 if absent.</summary>
    public int MessagesInFlight { get; init; } = 256;

    /// <summary>CPU one evaluation may take; 100 ms if absent.</summary>
    public TimeSpan EvaluationTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries of an action that fails with something that may pass; 3 if absent.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>Pause before the second try; doubled before each further one. 250 ms if absent.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Last messages of each rule kept for traces and trials; 0 keeps none, 32 if absent.</summary>
    public int RecordedMessages { get; init; } = 32;

    /// <summary>Payload bytes of each rule kept for traces and trials; 32 KB if absent.</summary>
    public int RecordedBytes { get; init; } = 32 * 1024;

    /// <summary>Folder of `.sql` and `.yaml` files; null: none.</summary>
    public string? Folder { get; init; }

    /// <summary>Addresses that the http action may send to without confirmation, and without TLS: `rules.http.trusted`.</summary>
    public IReadOnlyList<string> TrustedUrls { get; init; } = [];

    /// <summary>Folder of the messages that rules with a memory have not saved yet; null: they are not kept.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>How actions that leave the gateway deliver, where they do not say: `rules.delivery`.</summary>
    public Delivery.DeliverySettings Delivery { get; init; } = new();

    /// <summary>Account and region of the rules' ARNs.</summary>
    public string AccountId { get; init; } = "000000000000";

    public string Region { get; init; } = "edge";

    /// <summary>Folder of the objects that `decode(…, 'proto', bucket, key, …)` reads its descriptors from, by bucket and key; null: none.</summary>
    public string? ObjectFolder { get; init; }

    internal static RulesOptions Read(ConfigurationNode section, GatewayOptions gateway) => new()
    {
        MaxHops = section.Int32("maxHops", 8, atLeast: 1, atMost: Messaging.MessageOrigin.MaxHops),
        QueueLength = section.Int32("queueLength", 1000, atLeast: 1, atMost: 100_000),
        MessagesInFlight = section.Int32("messagesInFlight", 256, atLeast: 1, atMost: 10_000),
        EvaluationTime = section.Duration("evaluationTime", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10)),
        Tries = section.Int32("tries", 3, atLeast: 1, atMost: 20),
        FirstPause = section.Duration("firstPause", TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        RecordedMessages = section.Int32("recordedMessages", 32, atLeast: 0, atMost: 10_000),
        RecordedBytes = (int)section.Size("recordedBytes", 32 * 1024, atLeast: 0, atMost: 64 * 1024 * 1024),
        Folder = Path.Combine(gateway.ConfigurationFolder, section.String("folder", "rules")),
        AccountId = gateway.Account,
        Region = gateway.Region,
        Delivery = Rules.Delivery.DeliverySettings.Read(section.Section("delivery")),
        TrustedUrls = section.Section("http").Strings("trusted"),
        JournalFolder = Path.Combine(gateway.DataFolder, "rule-journal"),
        ObjectFolder = Path.Combine(gateway.DataFolder, "objects"),
    };
}
