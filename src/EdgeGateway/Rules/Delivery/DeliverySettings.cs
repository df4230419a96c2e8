using EdgeGateway.Configuration;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Delivery;

/// <summary>The member `delivery` of an action that leaves the gateway; what is absent comes from `rules.delivery` of the configuration.</summary>
internal sealed record DeliverySettings
{
    public DeliveryMode Mode { get; init; } = DeliveryMode.Retry;

    public DeliveryOrder Order { get; init; } = DeliveryOrder.FreshFirst;

    /// <summary>Whose order is kept; null: the topic of the message.</summary>
    public SqlTemplate? Key { get; init; }

    /// <summary>Bytes on disk; the oldest go when there are more. 64 MB if absent.</summary>
    public long MaxDiskBytes { get; init; } = 64L << 20;

    /// <summary>What is older is not sent any more. 7 d if absent.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Pause between two messages of the backlog, so that the other side is not flooded; 0 if absent.</summary>
    public TimeSpan ResendInterval { get; init; } = TimeSpan.Zero;

    /// <summary>Messages of different keys that may be under way at once; 8 if absent.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Member set to true in what is sent after a first try failed or after a start of the gateway; null: none.</summary>
    public string? ResendFlag { get; init; }

    /// <summary>Keep what is refused or too old, to be looked at and sent again.</summary>
    public bool DeadLetter { get; init; } = true;

    public static DeliverySettings Read(ConfigurationNode section)
    {
        var none = new DeliverySettings();
        return none with
        {
            Mode = section.OneOf("mode", "retry", "fire", "retry", "store") switch { "fire" => DeliveryMode.Fire, "store" => DeliveryMode.Store, _ => DeliveryMode.Retry },
            MaxDiskBytes = section.Size("maxDiskBytes", none.MaxDiskBytes, atLeast: 1 << 20, atMost: 1L << 40),
            MaxAge = section.Duration("maxAge", none.MaxAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650)),
            ResendInterval = section.Duration("resendInterval", none.ResendInterval, TimeSpan.Zero, TimeSpan.FromHours(1)),
            Concurrency = section.Int32("concurrency", none.Concurrency, atLeast: 1, atMost: 256),
            DeadLetter = section.Boolean("deadLetter", none.DeadLetter),
        };
    }

    /// <exception cref="ActionSyntaxException">A value is none.</exception>
    public DeliverySettings Read(ActionParameters? section)
    {
        if (section is null)
            return this;
        var read = this with
        {
            Mode = OneOf(section, "mode", Mode, ("fire", DeliveryMode.Fire), ("retry", DeliveryMode.Retry), ("store", DeliveryMode.Store)),
            Order = OneOf(section, "order", Order, ("fresh-first", DeliveryOrder.FreshFirst), ("strict", DeliveryOrder.Strict)),
            Key = section.OptionalTemplate("key") ?? Key,
            MaxDiskBytes = section.Size("maxDiskBytes", MaxDiskBytes, atLeast: 1 << 20),
            MaxAge = section.Duration("maxAge", MaxAge, atLeast: TimeSpan.FromSeconds(1)),
            ResendInterval = TimeSpan.FromMilliseconds(section.Int32("resendIntervalMs", (int)ResendInterval.TotalMilliseconds, 0, 3_600_000)),
            Concurrency = section.Int32("concurrency", Concurrency, 1, 256),
            ResendFlag = section.Text("resendFlag") ?? ResendFlag,
            DeadLetter = section.Boolean("deadLetter", DeadLetter),
        };
        section.End();
        return read;
    }

    private static T OneOf<T>(ActionParameters section, string name, T ifAbsent, params ReadOnlySpan<(string Word, T Value)> words)
    {
        if (section.Text(name) is not { } text)
            return ifAbsent;
        var known = new List<string>();
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
            known.Add(word);
        }
        throw section.Invalid(name, $"is {text}, expected {string.Join(", ", known)}");
    }
}
