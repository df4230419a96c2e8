using EdgeGateway.Storage.Log;

namespace EdgeGateway.Broker.Journal;

/// <summary>Remembers the log's counters minute by minute for an hour, so that a rate can be told: until then, what was written so far.</summary>
internal sealed class WriteBudget(TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new(); // guards the notes
    private readonly Queue<(long At, long Bytes, long Commits)> _notes = new([(time.GetTimestamp(), 0, 0)]);
    private long _last;

    public void Note(LogMetrics metrics)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_last) < Minute)
                return;
            _last = time.GetTimestamp();
            _notes.Enqueue((_last, metrics.Bytes + metrics.ZeroBytes, metrics.Commits));
            while (_notes.Count > 1 && time.GetElapsedTime(_notes.Peek().At) > Hour)
                _notes.Dequeue();
        }
    }

    public WriteRate Over(LogMetrics metrics)
    {
        lock (_gate)
        {
            var (at, bytes, commits) = _notes.Peek();
            var hours = Math.Max(time.GetElapsedTime(at).TotalHours, 1); // a start's first seconds say nothing of an hour
            return new((long)((metrics.Bytes + metrics.ZeroBytes - bytes) / hours), (long)((metrics.Commits - commits) / hours));
        }
    }
}
