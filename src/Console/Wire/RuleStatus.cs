namespace EdgeGateway.Pages.Wire;

/// <summary>One rule and its counters since the start.</summary>
public sealed record RuleStatus
{
    public required string Name { get; init; }
    public bool Enabled { get; init; }
    public string Sql { get; init; } = "";

    /// <summary>Messages whose topic reached it.</summary>
    public long Matched { get; init; }

    /// <summary>Of these, those whose condition held.</summary>
    public long Fired { get; init; }

    public long Failed { get; init; }
    public DateTimeOffset? LastFiredAt { get; init; }
    public string? LastError { get; init; }

    /// <summary>Null where the gateway does not say.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>The last thing it did was to fail.</summary>
    public bool IsFailing => LastError is { Length: > 0 } && (LastErrorAt is not { } failed || LastFiredAt is not { } fired || failed >= fired);
}
