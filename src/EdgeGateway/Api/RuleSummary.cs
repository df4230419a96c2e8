namespace EdgeGateway.Api;

/// <summary>One rule and its counters since the start, in <c>GET /edge/v1/rules</c>.</summary>
public sealed record RuleSummary
{
    public required string Name { get; init; }
    public required bool Enabled { get; init; }
    public required string Sql { get; init; }

    /// <summary>Messages whose topic reached it.</summary>
    public required long Matched { get; init; }

    /// <summary>Of these, those whose condition held.</summary>
    public required long Fired { get; init; }

    /// <summary>Evaluations and actions that failed for good.</summary>
    public required long Failed { get; init; }

    /// <summary>Messages that found the rule's queue full.</summary>
    public required long Dropped { get; init; }

    /// <summary>Messages waiting now.</summary>
    public required int Queued { get; init; }

    public required long ActionsSucceeded { get; init; }

    /// <summary>Mean over all evaluations, in microseconds.</summary>
    public required double EvaluationMicroseconds { get; init; }

    /// <summary>Half of them took no longer.</summary>
    public required double EvaluationP50Microseconds { get; init; }

    /// <summary>Of a hundred 99 took no longer.</summary>
    public required double EvaluationP99Microseconds { get; init; }

    public required double SlowestEvaluationMicroseconds { get; init; }
    public DateTimeOffset? LastFiredAt { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? LastErrorAt { get; init; }
}
