using System.Collections.Concurrent;
using System.Text;
using EdgeGateway.Messaging;

namespace EdgeGateway.Tests.Shadows;

/// <summary>A bus that hands messages to its sinks and keeps them.</summary>
internal sealed class RecordingBus : IMessageBus
{
    private readonly List<(string Filter, IMessageSink Sink)> _sinks = [];

    public ConcurrentQueue<ApplicationMessage> Messages { get; } = new();

    /// <summary>What a publish comes to, once; then delivered again.</summary>
    public Func<ApplicationMessage, ValueTask<PublishOutcome>> Outcome { get; set; } = static _ => new(PublishOutcome.Delivered);

    public ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken)
    {
        Messages.Enqueue(message);
        Deliver(message);
        return Outcome(message);
    }

    public IDisposable Subscribe(string filter, IMessageSink sink)
    {
        var entry = (filter, sink);
        _sinks.Add(entry);
        return new Ending(() => _sinks.Remove(entry));
    }

    public IReadOnlyList<ApplicationMessage> Retained(string filter) => [];

    /// <summary>As a client's publish.</summary>
    /// <returns>What the sinks asked to wait for.</returns>
    public IReadOnlyList<DurabilityTicket> Deliver(ApplicationMessage message)
    {
        var tickets = new List<DurabilityTicket>();
        foreach (var (filter, sink) in _sinks)
            if (Topics.Matches(filter, message.Topic))
                tickets.Add(sink.OnMessage(new()
                {
                    Topic = Encoding.UTF8.GetBytes(message.Topic),
                    Payload = message.Payload.Span,
                    QualityOfService = message.QualityOfService,
                    IsWill = message.IsWill,
                    ClientId = message.ClientId,
                    Origin = message.Origin,
                }));
        return tickets;
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
