using EdgeGateway.Broker.Journal;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <content>What the broker's log knows of it.</content>
public sealed partial class Session
{
    private bool _isJournaled;
    private long _awaySince;

    /// <summary>The part of its state that a session's own record holds.</summary>
    internal (long ExpiryMilliseconds, long AwaySince, Will? Will) Durable => (_expiryMilliseconds, _connection is null ? _awaySince : 0, Will);

    /// <summary>Brings a session back as it was when the log ended; nobody is connected.</summary>
    /// <param name="now">Unix milliseconds: since when a client counts as away that was connected when the log ended.</param>
    internal void Restore(SessionImage image, JournalReplay replay, SubscriptionIndex index, long now)
    {
        var burst = new DeliveryBurst();
        foreach (var request in image.Subscriptions.Values)
            AddSubscription(request, index, burst, out _); // not journaled yet: it is in the log
        lock (_gate)
        {
            _expiryMilliseconds = image.ExpiryMilliseconds;
            _awaySince = image.AwaySince == 0 ? now : image.AwaySince;
            Volatile.Write(ref _expiresAt, _expiryMilliseconds == long.MaxValue ? long.MaxValue : _awaySince + _expiryMilliseconds);
            Will = image.Will;
            WillDueAt = Will is null ? long.MaxValue : Math.Min(_awaySince + (Will.DelaySeconds * 1000L), ExpiresAt);
            if (image.Received.Count > 0)
                _received = image.Received.ToDictionary(static id => id, static _ => default(DurabilityTickets));
            foreach (var (number, queued) in image.Queue)
                Restore(number, queued, replay.Message(number));
            _isJournaled = true;
        }
    }

    /// <summary>Writes all of it again, for a checkpoint.</summary>
    /// <returns>Negative: the log refused.</returns>
    internal long WriteTo(BrokerJournal journal)
    {
        lock (_gate)
        {
            if (!_isJournaled || _ended)
                return 0;
            var worst = journal.Changed(this);
            foreach (var (filter, subscription) in _subscriptions)
                worst = Math.Min(worst, journal.Subscribed(this, new(filter, subscription.QualityOfService, subscription.NoLocal, subscription.RetainAsPublished, 2, subscription.Identifier)));
            foreach (var id in _received?.Keys ?? (IEnumerable<ushort>)[])
                worst = Math.Min(worst, journal.Received(this, id, 0));
            foreach (var (id, entry) in _inflight)
                if (entry.Message?.Durability != Durability.Memory)
                    worst = Math.Min(worst, entry.Message is { } message
                        ? journal.Queued(this, message, entry.Delivery, id, entry.State)
                        : journal.QueuedRelease(this, entry.Number, entry.Delivery, id));
            foreach (var waiting in _pending)
                if (waiting.Stored is { } stored)
                    worst = Math.Min(worst, journal.Queued(this, stored, waiting.Delivery));
                else if (waiting.Delivery.QualityOfService != QualityOfService.AtMostOnce && waiting.Message!.Durability != Durability.Memory)
                    worst = Math.Min(worst, journal.Queued(this, waiting.Message, waiting.Delivery, 0, InflightState.AwaitingPubAck));
            return worst;
        }
    }

    // The session's own record: written when a persistent session begins, changes or ceases to be one.
    /// <returns>The position to wait for; 0: none; negative: the log refused.</returns>
    private long WriteState()
    {
        if (_router.Journal is not { } journal)
            return 0;
        if (IsPersistent)
        {
            _isJournaled = true;
            return journal.Changed(this);
        }
        if (_isJournaled)
            journal.Ended(this);
        _isJournaled = false;
        return 0;
    }

    private void Restore(long number, QueuedImage queued, MessageImage? image)
    {
        var delivery = new Delivery(queued.QualityOfService, queued.Retain, queued.SubscriptionIdentifiers, Group: null);
        if (queued.State == InflightState.AwaitingPubComp && queued.PacketIdentifier != 0)
        {
            _inflight[queued.PacketIdentifier] = new(null, number, InflightState.AwaitingPubComp, ++_sequence, delivery, IsHeld: false);
            return;
        }
        if (image is null)
            return; // told as damage by the log
        if (queued.PacketIdentifier != 0)
            _inflight[queued.PacketIdentifier] = new(_router.CopyOf(image), number, queued.State, ++_sequence, delivery, IsHeld: false);
        else if (_router.WaitingBytes > _options.MaxQueuedBytesTotal)
            Hold(new(null, new(number, image.Position), delivery, IsRetainedCopy: false));
        else
            Hold(new(_router.CopyOf(image), null, delivery, IsRetainedCopy: false));
    }
}
