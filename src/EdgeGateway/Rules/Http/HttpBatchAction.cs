using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;

namespace EdgeGateway.Rules.Http;

/// <summary>
/// Messages for one address gathered into a JSON list and sent together (AWS guide: HTTP action), with the headers of the last. What the other side says
/// counts for each of them. A payload that is no JSON goes alone.
/// </summary>
internal sealed class HttpBatchAction(ISendingAction action, HttpBatchSettings settings, TimeProvider time) : IRuleAction
{
    private readonly Lock _gate = new(); // guards the batches and what is in them
    private readonly Dictionary<string, Batch> _open = new(StringComparer.Ordinal);

    private sealed class Batch
    {
        public List<ReadOnlyMemory<byte>> Bodies { get; } = [];
        public TaskCompletionSource<RuleActionFailure?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Bytes { get; set; }
        public Parcel? Last { get; set; }
        public string LastId { get; set; } = "";
        public ITimer? Timer { get; set; }
    }

    public string FailureName => action.FailureName;

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        if (action.Prepare(firing, out var parcels) is { } failure)
            return failure;
        var parcel = parcels[0];
        if (!firing.IsJson)
            return await action.SenderOf(parcel).SendAsync(parcel, new ParcelContext(firing.Message.TraceId, 1), cancellationToken);
        return await Join(parcel, firing).Done.Task.WaitAsync(cancellationToken);
    }

    private Batch Join(Parcel parcel, RuleFiring firing)
    {
        Batch batch;
        List<Batch> full = [];
        lock (_gate)
        {
            if (_open.TryGetValue(parcel.Resource, out var open) && open.Bytes + firing.Payload.Length > settings.Bytes)
                full.Add(Close(parcel.Resource, open));
            if (!_open.TryGetValue(parcel.Resource, out batch!))
            {
                _open[parcel.Resource] = batch = new Batch();
                var begun = batch;
                batch.Timer = time.CreateTimer(_ => TimeIsUp(parcel.Resource, begun), null, settings.Open, Timeout.InfiniteTimeSpan);
            }
            batch.Bodies.Add(firing.Payload);
            batch.Bytes += firing.Payload.Length;
            (batch.Last, batch.LastId) = (parcel, firing.Message.TraceId);
            if (batch.Bodies.Count >= settings.Messages || batch.Bytes >= settings.Bytes)
                full.Add(Close(parcel.Resource, batch));
        }
        foreach (var each in full)
            _ = SendAsync(each);
        return batch;
    }

    private void TimeIsUp(string url, Batch batch)
    {
        lock (_gate)
        {
            if (_open.GetValueOrDefault(url) != batch)
                return; // full meanwhile
            Close(url, batch);
        }
        _ = SendAsync(batch);
    }

    private Batch Close(string url, Batch batch)
    {
        _open.Remove(url);
        batch.Timer?.Dispose();
        return batch;
    }

    private async Task SendAsync(Batch batch)
    {
        try
        {
            using var body = new MemoryStream();
            body.WriteByte((byte)'[');
            for (var i = 0; i < batch.Bodies.Count; i++)
            {
                if (i > 0)
                    body.WriteByte((byte)',');
                body.Write(batch.Bodies[i].Span);
            }
            body.WriteByte((byte)']');
            var parcel = batch.Last! with { Bytes = (HttpParcel.Read(batch.Last!.Bytes) with { ContentType = "application/json", Body = body.ToArray() }).ToBytes() };
            batch.Done.SetResult(await action.SenderOf(parcel).SendAsync(parcel, new ParcelContext(batch.LastId, 1), CancellationToken.None));
        }
#pragma warning disable CA1031 // it belongs to those who wait for the batch
        catch (Exception ex)
#pragma warning restore CA1031
        {
            batch.Done.SetException(ex);
        }
    }
}
