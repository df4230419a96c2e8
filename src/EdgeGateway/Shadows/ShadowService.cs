using EdgeGateway.Messaging;

namespace EdgeGateway.Shadows;

/// <summary>The doors of the shadow service: request topics on the bus, and <see cref="IShadows"/> for the rest of the gateway.</summary>
internal sealed class ShadowService(
    IMessageBus bus, ShadowStore store, ShadowIntake intake, ShadowEngine engine, ShadowAnnouncer announcer, ShadowOptions limits, TimeProvider time)
    : BackgroundService, IShadows, IShadowFeed, IMessageSink
{
    private readonly List<IDisposable> _subscriptions = [];

    public event Action<ShadowChange>? Changed
    {
        add => engine.Changed += value;
        remove => engine.Changed -= value;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (limits.TombstoneRetention is { } retention)
            await store.DropTombstonesAsync(time.GetUtcNow().Subtract(retention).ToUnixTimeMilliseconds()).WaitAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
        foreach (var filter in ShadowTopics.RequestFilters)
            _subscriptions.Add(bus.Subscribe(filter, this));
    }

    /// <summary>Answers what has come in; what comes later is refused.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        intake.Complete();
        return base.StopAsync(cancellationToken);
    }

    /// <summary>A will on a request topic is delivered to others and not executed (AWS guide: Shadow MQTT topics).</summary>
    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (message.IsWill || !ShadowTopics.TryParse(message.Topic, out var shadow, out var operation))
            return DurabilityTicket.None;
        var work = Admit(shadow, operation, message);
        return work is not null && intake.TryQueue(work) ? new(intake, work.Position) : DurabilityTicket.None;
    }

    public ShadowDocument? Find(ShadowId shadow) => engine.Find(shadow);

    public Task<ShadowAnswer> GetAsync(ShadowId shadow, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        AskAsync(shadow, ShadowOperation.Get, request, MessageOrigin.Api, cancellationToken);

    public Task<ShadowAnswer> UpdateAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken) =>
        AskAsync(shadow, ShadowOperation.Update, request, origin, cancellationToken);

    public Task<ShadowAnswer> DeleteAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken) =>
        AskAsync(shadow, ShadowOperation.Delete, request, origin, cancellationToken);

    public IReadOnlyList<string> NamesOf(string thing, string after, int atMost) => store.NamesOf(thing, after, atMost);

    public IReadOnlyList<StoredShadow> Since(long sequence, int atMost) => store.Since(sequence, atMost);

    /// <summary>Ends when the intake does: what was taken in is answered, whatever the token says.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var announcing = announcer.RunAsync();
        try
        {
            await engine.RunAsync();
        }
        finally
        {
            announcer.Complete();
            await announcing;
        }
    }

    private ShadowWork? Admit(ShadowId shadow, ShadowOperation operation, in MessageView message)
    {
        var qos = message.QualityOfService == QualityOfService.AtMostOnce ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce;
        if (intake.TryBegin(message.ClientId, message.Payload.Length))
        {
            return new(shadow, operation, Read(shadow, operation, Owned(message.Payload)), message.Origin)
            {
                IsByTopic = true,
                QualityOfService = qos,
                Requester = message.ClientId,
                Bytes = message.Payload.Length,
            };
        }
        if (!intake.TryBeginRefusal())
            return null;
        var token = ShadowRequestReader.ReadGet(Owned(message.Payload), limits).ClientToken.ToArray();
        return new(shadow, operation, new ShadowRequest.Invalid(ShadowError.TooManyRequests, token), message.Origin) { IsByTopic = true, QualityOfService = qos };
    }

    /// <summary>A body that is too long to be read is not copied either; its length is enough to refuse it.</summary>
    private byte[] Owned(ReadOnlySpan<byte> payload) => payload[..Math.Min(payload.Length, limits.MaxRequestBytes + 1)].ToArray();

    private ShadowRequest Read(ShadowId shadow, ShadowOperation operation, ReadOnlyMemory<byte> body)
    {
        var request = operation switch
        {
            ShadowOperation.Get => ShadowRequestReader.ReadGet(body, limits),
            ShadowOperation.Update => ShadowRequestReader.ReadUpdate(body, limits),
            _ => ShadowRequestReader.ReadDelete(body, limits),
        };
        if (shadow.IsValid)
            return request;
        return new ShadowRequest.Invalid(ShadowId.IsValidThing(shadow.Thing) ? ShadowError.InvalidShadowName : ShadowError.InvalidThingName, request.ClientToken);
    }

    private async Task<ShadowAnswer> AskAsync(
        ShadowId shadow, ShadowOperation operation, ReadOnlyMemory<byte> body, MessageOrigin origin, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!intake.TryBegin(null, body.Length))
            return Refuse(ShadowError.TooManyRequests, body);
        var work = new ShadowWork(shadow, operation, Read(shadow, operation, body), origin) { Bytes = body.Length };
        if (intake.TryQueue(work))
            return await work.Answer.WaitAsync(cancellationToken);
        intake.End(work);
        return Refuse(ShadowError.Internal, body); // stopping
    }

    private ShadowAnswer.Rejected Refuse(ShadowError error, ReadOnlyMemory<byte> body) => ShadowRefusal.Of(error, body, limits, time.GetUtcNow());
}
