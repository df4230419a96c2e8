namespace EdgeGateway.Rules;

/// <summary>What a rule did, counted while it runs; read as one <see cref="RuleStatus"/>.</summary>
internal sealed class RuleCounters(TimeProvider time)
{
    // Guards all fields: the counts of one message belong together.
    private readonly Lock _gate = new();
    private long _matched;
    private long _evaluated;
    private long _fired;
    private long _failed;
    private long _dropped;
    private long _actionsSucceeded;
    private readonly RuleTimes _times = new();
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;
    private DateTimeOffset? _lastFiredAt;

    public void Matched()
    {
        lock (_gate)
            _matched++;
    }

    public void Dropped()
    {
        lock (_gate)
            _dropped++;
    }

    /// <summary>A message that ended with its WHERE.</summary>
    public void PassedOver(TimeSpan elapsed)
    {
        lock (_gate)
        {
            _matched++;
            _evaluated++;
            _times.Add(elapsed);
        }
    }

    public void Evaluated(TimeSpan elapsed, bool fired)
    {
        lock (_gate)
        {
            _evaluated++;
            _times.Add(elapsed);
            if (!fired)
                return;
            _fired++;
            _lastFiredAt = time.GetUtcNow();
        }
    }

    /// <summary>A window ended, or a key fell silent.</summary>
    public void FiredByTime()
    {
        lock (_gate)
        {
            _fired++;
            _lastFiredAt = time.GetUtcNow();
        }
    }

    public void ActionSucceeded()
    {
        lock (_gate)
            _actionsSucceeded++;
    }

    public void Failed(string error)
    {
        lock (_gate)
        {
            _failed++;
            _lastError = error;
            _lastErrorAt = time.GetUtcNow();
        }
    }

    public RuleStatus Read(int queued)
    {
        lock (_gate)
            return new(_matched, _evaluated, _fired, _failed, _dropped, queued, _actionsSucceeded, _times.Sum, _times.Slowest, _lastError, _lastErrorAt, _lastFiredAt)
            {
                EvaluationP50 = _times.Percentile(0.5),
                EvaluationP99 = _times.Percentile(0.99),
            };
    }
}
