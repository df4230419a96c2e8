using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using EdgeGateway.Messaging;

namespace EdgeGateway.Tests.Devices;

/// <summary>A bus that hands messages to its sinks, counts them, and keeps the last of each topic.</summary>
internal sealed class DeviceBus : IMessageBus
{
    private ImmutableList<(string Filter, IMessageSink Sink)> _sinks = [];

    public ConcurrentDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, byte[]> Last { get; } = new(StringComparer.Ordinal);

    public event Action? Happened;

    public JsonElement? LastOf(string topic)
    {
        if (!Last.TryGetValue(topic, out var payload))
            return null;
        using var document = JsonDocument.Parse(payload);
        return document.RootElement.Clone();
    }

    public long CountOf(string topic) => Counts.GetValueOrDefault(topic);

    public ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken)
    {
        Last[message.Topic] = message.Payload.ToArray();
        Counts.AddOrUpdate(message.Topic, 1, static (_, count) => count + 1);
        foreach (var (filter, sink) in _sinks)
            if (Topics.Matches(filter, message.Topic))
                sink.OnMessage(new() { Topic = Encoding.UTF8.GetBytes(message.Topic), Payload = message.Payload.Span, Origin = message.Origin });
        Happened?.Invoke();
        return new(PublishOutcome.Delivered);
    }

    public IDisposable Subscribe(string filter, IMessageSink sink)
    {
        var entry = (filter, sink);
        ImmutableInterlocked.Update(ref _sinks, static (all, one) => all.Add(one), entry);
        return new Ending(() => ImmutableInterlocked.Update(ref _sinks, static (all, one) => all.Remove(one), entry));
    }

    public IReadOnlyList<ApplicationMessage> Retained(string filter) => [];

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
