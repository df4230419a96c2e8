using System.Text;
using System.Threading.Channels;
using EdgeGateway.Messaging;

namespace EdgeGateway.Tests.Rules;

/// <summary>A bus without a broker: routes by the filters' own rules on the publisher's thread and keeps what was published.</summary>
internal sealed class RuleTestBus : IMessageBus
{
    private readonly Lock _gate = new();
    private readonly Channel<ApplicationMessage> _published = Channel.CreateUnbounded<ApplicationMessage>();
    private readonly Queue<PublishOutcome> _outcomes = new();
    private List<(string Filter, IMessageSink Sink)> _subscriptions = [];
    private long _now;

    public int Subscriptions => _subscriptions.Count;

    /// <summary>Answers the next publishes so, without routing them.</summary>
    public void Answer(params PublishOutcome[] outcomes)
    {
        foreach (var outcome in outcomes)
            _outcomes.Enqueue(outcome);
    }

    /// <summary>The next message on this topic, whoever published it; earlier ones on other topics are passed over.</summary>
    public async Task<ApplicationMessage> NextAsync(string topic)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var message = await _published.Reader.ReadAsync(timeout.Token);
            if (message.Topic == topic)
                return message;
        }
    }

    public void Publish(string topic, string payload, MessageOrigin? origin = null) => Route(
        new ApplicationMessage(topic, Encoding.UTF8.GetBytes(payload)) { Origin = origin ?? MessageOrigin.Client, ClientId = "device-1", ReceivedAt = Interlocked.Increment(ref _now) });

    public ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_outcomes.TryDequeue(out var outcome) && outcome != PublishOutcome.Delivered)
                return ValueTask.FromResult(outcome);
        }
        Route(message);
        return ValueTask.FromResult(PublishOutcome.Delivered);
    }

    public IDisposable Subscribe(string filter, IMessageSink sink)
    {
        lock (_gate)
            _subscriptions = [.. _subscriptions, (filter, sink)];
        return new Ending(this, sink);
    }

    /// <summary>What stands as retained.</summary>
    public List<ApplicationMessage> Kept { get; } = [];

    public IReadOnlyList<ApplicationMessage> Retained(string filter) => [.. Kept.Where(message => Topics.Matches(filter, message.Topic))];

    private void Route(ApplicationMessage message)
    {
        var view = new MessageView
        {
            Topic = Encoding.UTF8.GetBytes(message.Topic),
            Payload = message.Payload.Span,
            Properties = message.Properties is null ? default : message.Properties.Encoded.Span,
            ClientId = message.ClientId,
            ReceivedAt = message.ReceivedAt,
            Origin = message.Origin,
        };
        foreach (var (filter, sink) in _subscriptions)
        {
            if (Topics.Matches(filter, message.Topic))
                sink.OnMessage(view);
        }
        _published.Writer.TryWrite(message);
    }

    private sealed class Ending(RuleTestBus bus, IMessageSink sink) : IDisposable
    {
        public void Dispose()
        {
            lock (bus._gate)
                bus._subscriptions = [.. bus._subscriptions.Where(subscription => !ReferenceEquals(subscription.Sink, sink))];
        }
    }
}
