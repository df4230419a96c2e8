using EdgeGateway.Rules.Actions;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Rules.Delivery;

/// <content>The loop that sends: whose turn it is, one try, and what becomes of it.</content>
internal sealed partial class DeliveryQueue
{
    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var now = Now;
                DeliveryLane? lane;
                long? next;
                lock (_gate)
                {
                    if (_lastItem > _log.DurablePosition && _log.State == LogState.Full)
                        MakeRoom(0); // a message waits for it, and no other may come
                    lane = _lanes.Take(now, _log.DurablePosition);
                    next = lane is null ? _lanes.NextTime(now) : null;
                    if (lane is not null)
                        _sending.Add(Sending(lane));
                }
                if (lane is null)
                    await WaitAsync(next is { } at ? TimeSpan.FromMilliseconds(Math.Clamp(at - now, 1, 60_000)) : Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // the gateway stops; what waits is on disk
        }
    }

    private Task Sending(DeliveryLane lane)
    {
        var task = Task.Run(() => SendOrFailAsync(lane));
        _ = task.ContinueWith(
            done =>
            {
                lock (_gate)
                    _sending.Remove(done);
                Signal();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    private async Task WaitAsync(TimeSpan most)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var signal = _signal.WaitAsync(woken.Token);
        await Task.WhenAny(signal, Task.Delay(most, _time, woken.Token));
        await woken.CancelAsync(); // neither a timer nor a waiter stays behind
        try
        {
            await signal;
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // time came first
        }
    }

    private async Task SendOrFailAsync(DeliveryLane lane)
    {
        try
        {
            await SendAsync(lane);
        }
#pragma warning disable CA1031 // a disk that fails in between is no reason to lose the message: it is tried again
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogSenderThrew(ex, _name.Rule, _name.Place);
            Failed(lane, new(_name.Action, ex.Message, ex.GetType().Name, IsRecoverable: true));
        }
    }

    private async Task SendAsync(DeliveryLane lane)
    {
        DeliveryEntry entry;
        lock (_gate)
            entry = lane.Waiting.Peek();
        var buffer = Array.Empty<byte>();
        if (!_log.TryRead(entry.Position, ref buffer, out var record, entry.Length) || DeliveryRecord.Read(record.Body, _box) is not { } item)
        {
            if (entry.Position < _log.FirstPosition)
                LogDropped(_name.Rule, _name.Place, 1); // while it was under way
            else
                LogDamaged(_name.Rule, _name.Place, $"the message at {entry.Position} cannot be read back");
            Settle(lane, entry, wasTaken: false, static queue => queue._dropped++);
            return;
        }
        var failure = await TrySendAsync(lane, entry, item);
        if (_stopping.IsCancellationRequested && failure is not null)
            return; // told nothing: it goes again after the start
        if (failure is null)
        {
            await SettleDurablyAsync(lane, entry, wasTaken: true, queue =>
            {
                queue._delivered++;
                queue._latency.Add(TimeSpan.FromMilliseconds(Math.Max(0, queue.Now - entry.StoredAt)));
            });
            return;
        }
        if (failure.IsRecoverable)
        {
            Failed(lane, failure);
            return;
        }
        var firstErrorAt = lane.FirstErrorAt == 0 ? _time.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(lane.FirstErrorAt);
        await _refused(this, item, failure, lane.Attempts + 1, firstErrorAt);
        await SettleDurablyAsync(lane, entry, wasTaken: false, queue =>
        {
            queue._refusals++;
            queue.Note(failure);
        });
    }

    private async Task<RuleActionFailure?> TrySendAsync(DeliveryLane lane, DeliveryEntry entry, DeliveryItem item)
    {
        if (Now - entry.StoredAt > _settings.MaxAge.TotalMilliseconds)
            return new(item.Parcel.Resource, $"not delivered within {Configuration.Units.FormatDuration(_settings.MaxAge)}{(_lastError is null ? "" : $"; the last error was: {_lastError}")}", "TooOld", IsRecoverable: false);
        if (_senders(item.Parcel.Kind) is not { } sender)
            return new(item.Parcel.Resource, $"this version cannot send {item.Parcel.Kind}", "UnknownKind", IsRecoverable: false);
        try
        {
            var parcel = _settings.ResendFlag is { } flag && (lane.Attempts > 0 || lane.IsBacklog) ? ResendMark.On(item.Parcel, flag) : item.Parcel;
            return await sender.SendAsync(parcel, new ParcelContext($"{_name.Rule}-{_name.Place}-{entry.Position}", lane.Attempts + 1), _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return new(item.Parcel.Resource, "the gateway stops", "Stopping", IsRecoverable: true);
        }
#pragma warning disable CA1031 // whatever a sender throws is this message's failure: the queue goes on
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogSenderThrew(ex, _name.Rule, _name.Place);
            return new(item.Parcel.Resource, ex.Message, ex.GetType().Name, ex is IOException);
        }
    }

    private void Failed(DeliveryLane lane, RuleActionFailure failure)
    {
        bool isDown;
        lock (_gate)
        {
            _lanes.Failed(lane, Now);
            _failedTries++;
            Note(failure);
            (isDown, _wasDown) = (_lanes.IsDown && !_wasDown, _lanes.IsDown);
        }
        if (isDown)
            LogDown(_name.Rule, _name.Place, failure.Message);
    }

    [LoggerMessage(7040, LogLevel.Warning, "Rule {Rule}, {Place}: the other side takes nothing ({Reason}); messages wait on disk and are sent when it does")]
    private partial void LogDown(string rule, string place, string reason);

    [LoggerMessage(7045, LogLevel.Error, "Rule {Rule}, {Place}: sending broke off")]
    private partial void LogSenderThrew(Exception exception, string rule, string place);
}
