using EdgeGateway.Rules.Delivery;

namespace EdgeGateway.Rules;

/// <summary>What one action did, counted while it runs.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ActionCounters(string place, string action, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly RuleTimes _latency = new();
    private long _succeeded, _failed;
    private int _underWay;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;

    public string Action => action;

    public void Begin()
    {
        lock (_gate)
            _underWay++;
    }

    /// <param name="error">Null: it is done.</param>
    public void End(TimeSpan elapsed, string? error)
    {
        lock (_gate)
        {
            _underWay--;
            _latency.Add(elapsed);
            if (error is null)
            {
                _succeeded++;
                return;
            }
            _failed++;
            (_lastError, _lastErrorAt) = (error, time.GetUtcNow());
        }
    }

    /// <param name="queue">Of an action that stores and forwards: what it delivers counts, not what it stores.</param>
    public ActionStatus Read(DeliveryStatus? queue)
    {
        lock (_gate)
        {
            if (queue is null)
                return new(place, action, _succeeded, _failed, _underWay, 0, _latency.Percentile(0.5), _latency.Percentile(0.99), _lastError, _lastErrorAt);
            var (error, at) = queue.LastErrorAt is { } when && (_lastErrorAt is null || when > _lastErrorAt) ? (queue.LastError, queue.LastErrorAt) : (_lastError, _lastErrorAt);
            return new(place, action, queue.Delivered, _failed + queue.Refused, queue.UnderWay, queue.Waiting, queue.LatencyP50, queue.LatencyP99, error, at);
        }
    }
}
