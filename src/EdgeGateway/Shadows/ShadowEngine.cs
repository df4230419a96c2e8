using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Shadows;

/// <summary>
/// Works off the requests. One loop decides them in the order they came, on documents in memory, and hands each batch of changes to the storage
/// writer; a second loop follows, waits for each batch to be on disk, and only then answers. While one batch is being written the next are decided
/// already, on top of it, so a flush of the disk is shared by all that came meanwhile. A request that changes nothing is answered at once,
/// unless answers of the same shadow are still to leave. If a write fails, everything built on it is refused (500) and read anew from the disk.
/// </summary>
internal sealed partial class ShadowEngine(
    ShadowStore store, ShadowIntake intake, ShadowHistory history, ShadowAnnouncer announcer, ShadowOptions limits, TimeProvider time, ILogger<ShadowEngine> logger)
{
    private const int MaxBatch = 256;
    private readonly Channel<ShadowBatch> _decided = Channel.CreateBounded<ShadowBatch>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly ShadowCache _cache = new(limits.CacheBytes);
    private readonly NamedShadowCounts _counts = new(store);
    private readonly ThingRate _rate = new(limits.MaxRequestsPerSecond);
    private long _sequence = store.LastSequence();
    private int _following;                                                        // batches decided and not yet answered
    private volatile string? _failure;

    /// <inheritdoc cref="IShadowFeed.Changed"/>
    public event Action<ShadowChange>? Changed;

    /// <summary>Why the last write failed; null if it did not.</summary>
    public string? Failure => _failure;

    public ShadowDocument? Find(ShadowId shadow)
    {
        var document = _cache.Find(shadow) is { IsLost: false } entry ? entry.Durable : store.Read(shadow);
        return document.Exists ? document : null;
    }

    /// <summary>Runs until the intake is completed and everything in it answered.</summary>
    public async Task RunAsync()
    {
        var answering = AnswerAsync();
        while (await intake.Reader.WaitToReadAsync())
            await DecideAsync();
        _decided.Writer.Complete();
        await answering;
    }

    private async Task DecideAsync()
    {
        var batch = new ShadowBatch();
        for (var count = 0; count < MaxBatch && intake.Reader.TryRead(out var work); count++)
        {
            batch.LastPosition = work.Position;
            var decision = Decide(work, batch);
            if (decision.Change is null && decision.Entry is not { Pending: > 0 })
            {
                await AnswerAsync(decision);
                continue;
            }
            decision.Entry!.BeginAnswer();
            batch.Decisions.Add(decision);
        }
        if (batch.IsEmpty && Volatile.Read(ref _following) == 0)
        {
            intake.Advance(batch.LastPosition);
            return;
        }
        batch.Write(store);
        Interlocked.Increment(ref _following);
        await _decided.Writer.WriteAsync(batch);
    }

    private ShadowDecision Decide(ShadowWork work, ShadowBatch batch)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (work.Request is ShadowRequest.Invalid)
            return new(work, _cache.Find(work.Shadow), ShadowTransitions.Apply(work.Shadow, ShadowDocument.None, work.Request, now, limits), null);
        if (!_rate.TryTake(work.Shadow.Thing, now))
            return new(work, _cache.Find(work.Shadow), ShadowTransitions.Reject(ShadowError.TooManyRequests, work.Request, now), null);
        try
        {
            return Decide(work, Load(work.Shadow), batch, now);
        }
        catch (Exception ex) when (ex is SqliteException or InvalidDataException or JsonException) // the disk, or a damaged document
        {
            LogUnreadable(ex, work.Shadow);
            return new(work, _cache.Find(work.Shadow), ShadowTransitions.Reject(ShadowError.Internal, work.Request, now), null);
        }
    }

    private ShadowDecision Decide(ShadowWork work, ShadowEntry entry, ShadowBatch batch, long now)
    {
        var previous = Remembered(entry.Latest, now);
        var transition = ShadowTransitions.Apply(work.Shadow, previous, work.Request, now, limits);
        var next = transition switch
        {
            ShadowTransition.Updated updated => updated.Next,
            ShadowTransition.Deleted deleted => deleted.Next,
            _ => null,
        };
        if (next is null)
            return new(work, entry, transition, null);
        if (previous.Exists != next.Exists && !_counts.TryAdd(work.Shadow, next.Exists ? 1 : -1, limits.MaxNamedPerThing))
            return new(work, entry, ShadowTransitions.Reject(ShadowError.TooManyShadows(limits.MaxNamedPerThing), work.Request, now), null);
        var change = new ShadowChange(++_sequence, work.Shadow, previous, next, work.Origin);
        batch.Add(work.Shadow, entry.RowVersion, change.Sequence, next, history.EntriesOf(work.Shadow));
        entry.Latest = next;
        entry.RowVersion = next.Version;
        return new(work, entry, transition, change);
    }

    private ShadowEntry Load(ShadowId shadow)
    {
        if (_cache.Find(shadow) is { IsLost: false } known)
            return known;
        var entry = new ShadowEntry(store.Read(shadow));
        _cache.Put(shadow, entry);
        return entry;
    }

    /// <summary>A tombstone that is old enough is none.</summary>
    private ShadowDocument Remembered(ShadowDocument document, long now) =>
        !document.Exists && limits.TombstoneRetention is { } retention && document.ChangedAt + retention.TotalMilliseconds < now ? ShadowDocument.None : document;

    private async Task AnswerAsync()
    {
        await foreach (var batch in _decided.Reader.ReadAllAsync())
        {
            await SettleAsync(batch);
            foreach (var decision in batch.Decisions)
            {
                await AnswerAsync(Settled(decision));
                decision.Entry!.EndAnswer();
            }
            intake.Advance(batch.LastPosition);
            Interlocked.Decrement(ref _following);
        }
    }

    private async Task SettleAsync(ShadowBatch batch)
    {
        try
        {
            await batch.Written;
            if (batch.HasChanges)
                _failure = null;
        }
        catch (Exception ex) when (ex is SqliteException or ShadowWriteException or ChannelClosedException)
        {
            _failure = ex.Message;
            LogWriteFailed(ex, batch.Decisions.Count);
            foreach (var decision in batch.Decisions)
                if (decision.Change is not null)
                {
                    decision.Entry!.IsLost = true;
                    _counts.Forget(decision.Work.Shadow.Thing);
                }
        }
    }

    /// <summary>The decision as it stands now that the write is done: refused, if it rests on one that failed.</summary>
    private ShadowDecision Settled(ShadowDecision decision)
    {
        if (decision.Entry!.IsLost && decision.Work.Request is not ShadowRequest.Invalid)
            return decision with
            {
                Transition = ShadowTransitions.Reject(ShadowError.Internal, decision.Work.Request, time.GetUtcNow().ToUnixTimeMilliseconds()),
                Change = null,
            };
        if (decision.Change is { } change)
            decision.Entry.Durable = change.Current;
        return decision;
    }

    private async ValueTask AnswerAsync(ShadowDecision decision)
    {
        if (decision.Change is { } change)
            Tell(change);
        await announcer.AnnounceAsync(decision.Work, decision.Transition);
        intake.End(decision.Work);
        decision.Work.Complete(decision.Transition switch
        {
            ShadowTransition.Updated updated => new ShadowAnswer.Accepted(updated.Next, updated.Body),
            ShadowTransition.Deleted deleted => new ShadowAnswer.Accepted(deleted.Next, deleted.Body),
            ShadowTransition.Shown shown => new ShadowAnswer.Accepted(shown.Document, shown.Body),
            ShadowTransition.Rejected rejected => new ShadowAnswer.Rejected(rejected.Error, rejected.Body),
            _ => throw new InvalidOperationException($"unknown transition {decision.Transition.GetType().Name}"),
        });
    }

    private void Tell(ShadowChange change)
    {
        try
        {
            Changed?.Invoke(change);
        }
#pragma warning disable CA1031 // A faulty follower must not keep the answer from who asked; it is logged as the defect it is.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogFollowerFailed(ex, change.Shadow);
        }
    }

    [LoggerMessage(5001, LogLevel.Error, "{Count} shadow requests could not be written and were refused")]
    private partial void LogWriteFailed(Exception exception, int count);

    [LoggerMessage(5002, LogLevel.Error, "Shadow {Shadow} could not be read")]
    private partial void LogUnreadable(Exception exception, ShadowId shadow);

    [LoggerMessage(5005, LogLevel.Error, "A follower of the shadows failed on a change of {Shadow}")]
    private partial void LogFollowerFailed(Exception exception, ShadowId shadow);
}
