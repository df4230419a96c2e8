namespace EdgeGateway.Rules.Sql;

/// <summary>How a stateful statement is run.</summary>
internal sealed record SqlRunOptions
{
    /// <summary>Where a message has its time (docs/rules.md); null: when it arrived.</summary>
    public SqlExpression? EventTime { get; init; }

    /// <summary>Milliseconds in one unit of the event time.</summary>
    public double EventTimeUnit { get; init; } = 1;

    /// <summary>A window waits so long for messages that are late.</summary>
    public TimeSpan LateTolerance { get; init; }

    /// <summary>After so long without a message the time goes on by the clock.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A time window without messages gives a result too.</summary>
    public bool EmitsEmpty { get; init; }

    /// <summary>Messages that come after their window had closed are wanted.</summary>
    public bool WantsLate { get; init; }

    /// <summary>Keys of a partition or a GROUP BY.</summary>
    public int MaxKeys { get; init; } = 10_000;

    /// <summary>Messages that count, sliding and state windows may hold.</summary>
    public int MaxEvents { get; init; } = 10_000;

    /// <summary>Bytes of these messages.</summary>
    public int MaxEventBytes { get; init; } = 4 * 1024 * 1024;
}
