using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <content>What waits for the client: by reference in memory, or as an address in the log once memory is short.</content>
public sealed partial class Session
{
    // Of what waits, the front part that waited when the client came back; and how many of it may go before the next second.
    private int _backlog;
    private int _drainTokens;

    private void Enqueue(MessageBuffer message, in Delivery delivery, bool isRetainedCopy, DeliveryBurst burst)
    {
        if (!isRetainedCopy && _options.WhenFull != QueueFullPolicy.DropOldest && IsFullFor(message))
        {
            burst.IsReceiverFull |= _options.WhenFull == QueueFullPolicy.Refuse;
            Drop(burst);
            message.Release();
            return;
        }
        var isKept = _isJournaled && delivery.QualityOfService != QualityOfService.AtMostOnce && message.Durability != Durability.Memory;
        if (isKept && !burst.Note(_router.Journal!.Queued(this, message, delivery, 0, InflightState.AwaitingPubAck), message.Durability))
        {
            message.Release();
            return;
        }
        if (isKept && message.Exchange != default && message.Exchange == burst.Exchange && delivery.QualityOfService == QualityOfService.ExactlyOnce)
        {
            (_open ??= []).Add(message.Number);
            burst.Hold(this, message.Number);
        }
        if (isRetainedCopy)
            _retainedPending++;
        else
            while (IsFullFor(message))
                DropOldest(burst);
        if (!isRetainedCopy && _router.WaitingBytes > _options.MaxQueuedBytesTotal)
            EnqueueWithoutMemory(message, delivery, isKept, burst);
        else
            Hold(new(message, null, delivery, isRetainedCopy));
    }

    private bool IsFullFor(MessageBuffer message) => _pending.Count - _retainedPending >= _options.MaxQueuedMessages
        || (_pendingBytes + message.Size > _options.MaxQueuedBytes && _pending.Count > _retainedPending);

    // All sessions together wait for more than memory is there for: what the log has is read back later, what it has not is not taken.
    private void EnqueueWithoutMemory(MessageBuffer message, in Delivery delivery, bool isKept, DeliveryBurst burst)
    {
        if (isKept)
            Hold(new(null, new(message.Number, message.LogPosition), delivery, IsRetainedCopy: false));
        else
            Drop(burst);
        message.Release();
    }

    private void Hold(in Pending waiting)
    {
        _pending.Enqueue(waiting);
        _pendingBytes += waiting.Size;
        _router.AddWaiting(waiting.Size);
    }

    private Pending Dequeue()
    {
        var next = _pending.Dequeue();
        _pendingBytes -= next.Size;
        _router.AddWaiting(-next.Size);
        if (next.IsRetainedCopy)
            _retainedPending--;
        if (_backlog > 0)
            _backlog--;
        return next;
    }

    /// <summary>More of what waited while the client was away, where that is paced; called once a second.</summary>
    internal void Drain(DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (_backlog == 0)
                return;
            _drainTokens = _options.DrainRate;
            Pump(burst);
            WantFlush(burst);
        }
    }

    // With a reference for the caller; null: the log cannot read it any more, which its own report names.
    private MessageBuffer? Fetch(in Pending next)
    {
        if (next.Message is { } message)
            return message;
        if (_router.Journal!.Load(next.Stored!) is { } loaded)
            return loaded;
        _dropped++;
        return null;
    }

    private void DropOldest(DeliveryBurst burst)
    {
        var oldest = Dequeue();
        Forget(oldest.Number);
        oldest.Message?.Release();
        Drop(burst);
    }

    private void Drop(DeliveryBurst burst)
    {
        _dropped++;
        burst.Dropped++;
    }

    // QoS 0 is not kept for a client that is away.
    private void DropQosZero()
    {
        for (var left = _pending.Count; left > 0; left--)
        {
            var next = Dequeue();
            if (next.Delivery.QualityOfService == QualityOfService.AtMostOnce || (next.IsRetainedCopy && !IsPersistent))
            {
                next.Message!.Release();
                continue;
            }
            if (next.IsRetainedCopy)
                _retainedPending++;
            Hold(next);
        }
    }
}
