using System.Threading.Channels;
using EdgeGateway.Messaging;

namespace EdgeGateway.Shadows;

/// <summary>
/// Where requests queue up, numbered in the order they came, within the limits: requests in flight of one client and bytes waiting in all.
/// As a durable log it tells the broker through which number everything is decided and on disk, so that a publisher's PUBACK says
/// that its request will not be forgotten.
/// </summary>
internal sealed class ShadowIntake(ShadowOptions limits) : IDurableLog
{
    private const int AnswerBytes = 256;                                           // of a request that is only to be refused
    private readonly Channel<ShadowWork> _queue = Channel.CreateUnbounded<ShadowWork>(new() { SingleReader = true }); // bounded by bytes, below
    private readonly Lock _gate = new();                                           // guards order, bytes and counts
    private readonly Dictionary<string, int> _inFlight = new(StringComparer.Ordinal);
    private long _bytes;
    private long _last;
    private long _durable;
    private long _dropped;

    public event Action<IDurableLog>? Committed;

    public ChannelReader<ShadowWork> Reader => _queue.Reader;

    public long DurablePosition => Interlocked.Read(ref _durable);

    /// <summary>Of the last request taken in.</summary>
    public long LastPosition
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Requests that were not even answered, because too many refusals were waiting already.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes a place for a request of this size, before it is read.</summary>
    /// <returns>False: too many; refuse it.</returns>
    public bool TryBegin(string? requester, int bytes)
    {
        lock (_gate)
        {
            if (_bytes + bytes + AnswerBytes > limits.MaxQueueBytes)
                return false;
            if (requester is not null)
            {
                var count = _inFlight.GetValueOrDefault(requester);
                if (count >= limits.MaxInFlight)
                    return false;
                _inFlight[requester] = count + 1;
            }
            _bytes += bytes + AnswerBytes;
            return true;
        }
    }

    /// <summary>Takes a place for a refusal: half as much room again is left for them.</summary>
    public bool TryBeginRefusal()
    {
        lock (_gate)
        {
            if (_bytes + AnswerBytes > limits.MaxQueueBytes + limits.MaxQueueBytes / 2)
            {
                Interlocked.Increment(ref _dropped);
                return false;
            }
            _bytes += AnswerBytes;
            return true;
        }
    }

    /// <summary>Queues work whose place was taken.</summary>
    /// <returns>False: the service has stopped.</returns>
    public bool TryQueue(ShadowWork work)
    {
        lock (_gate)
        {
            work.Position = _last + 1;
            if (!_queue.Writer.TryWrite(work))
                return false;
            _last++;
            return true;
        }
    }

    /// <summary>The answer has left.</summary>
    public void End(ShadowWork work)
    {
        lock (_gate)
        {
            _bytes -= work.Bytes + AnswerBytes;
            if (work.Requester is not { } requester)
                return;
            var count = _inFlight[requester] - 1;
            if (count == 0)
                _inFlight.Remove(requester);
            else
                _inFlight[requester] = count;
        }
    }

    /// <summary>Everything up to this position is decided and on disk.</summary>
    public void Advance(long position)
    {
        lock (_gate)
        {
            if (position <= _durable)
                return;
            Interlocked.Exchange(ref _durable, position);
        }
        Committed?.Invoke(this);
    }

    public void Complete() => _queue.Writer.TryComplete();
}
