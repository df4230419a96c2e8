using System.Text;
using EdgeGateway.Messaging;

namespace EdgeGateway.Tests.Identity;

/// <summary>Keeps what was published, and hands what the test delivers to whoever listens.</summary>
internal sealed class RecordingBus : IMessageBus
{
    private readonly Lock _lock = new();                             // guards the three below
    private readonly List<ApplicationMessage> _published = [];
    private readonly List<(string Filter, IMessageSink Sink)> _sinks = [];
    private TaskCompletionSource<ApplicationMessage>? _next;

    public IReadOnlyList<ApplicationMessage> Published
    {
        get
        {
            lock (_lock)
                return [.. _published];
        }
    }

    /// <summary>The next message that is published.</summary>
    public Task<ApplicationMessage> NextAsync()
    {
        lock (_lock)
            return (_next = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void Deliver(ApplicationMessage message)
    {
        List<IMessageSink> matching;
        lock (_lock)
            matching = [.. _sinks.Where(pair => Topics.Matches(Encoding.UTF8.GetBytes(pair.Filter), Encoding.UTF8.GetBytes(message.Topic))).Select(pair => pair.Sink)];
        foreach (var sink in matching)
        {
            sink.OnMessage(new MessageView
            {
                Topic = Encoding.UTF8.GetBytes(message.Topic),
                Payload = message.Payload.Span,
                QualityOfService = message.QualityOfService,
                ClientId = message.ClientId,
                PrincipalId = message.PrincipalId,
                Origin = MessageOrigin.Client,
            });
        }
    }

    public ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _published.Add(message);
            _next?.TrySetResult(message);
        }
        return ValueTask.FromResult(PublishOutcome.Delivered);
    }

    public IDisposable Subscribe(string filter, IMessageSink sink)
    {
        lock (_lock)
            _sinks.Add((filter, sink));
        return new Ending(() =>
        {
            lock (_lock)
                _sinks.Remove((filter, sink));
        });
    }

    public IReadOnlyList<ApplicationMessage> Retained(string filter) => [];

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
