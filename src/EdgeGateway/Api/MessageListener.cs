using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using System.Threading.Channels;
using EdgeGateway.Messaging;

namespace EdgeGateway.Api;

/// <summary>Listens on the bus for one reader that may be slow: what does not fit its queue is left out and counted, and publishers never wait.</summary>
internal sealed class MessageListener : IMessageSink, IDisposable
{
    private const int QueueLength = 1024;
    private static readonly JsonWriterOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Channel<ApplicationMessage> _queue = Channel.CreateBounded<ApplicationMessage>(new BoundedChannelOptions(QueueLength) { SingleReader = true }); // full: TryWrite says no
    private readonly IDisposable _subscription;
    private readonly IReadOnlyList<ApplicationMessage> _retained;
    private long _missed;

    public MessageListener(IMessageBus bus, string filter)
    {
        _subscription = bus.Subscribe(filter, this);
        _retained = bus.Retained(filter);
    }

    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (message.OnlyTo is null && !_queue.Writer.TryWrite(message.ToOwned()))
            Interlocked.Increment(ref _missed);
        return DurabilityTicket.None;
    }

    /// <summary>Writes one line a message; after a gap one line <c>{"missed":N}</c>.</summary>
    public async Task CopyToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        foreach (var message in _retained)
            Write(output, message with { Retain = true });
        await output.FlushAsync(cancellationToken);
        while (await _queue.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_queue.Reader.TryRead(out var message))
                Write(output, message with { Retain = false });
            if (Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
                WriteLine(output, json => json.WriteNumber("missed", missed));
            await output.FlushAsync(cancellationToken);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private static void Write(PipeWriter output, ApplicationMessage message) => WriteLine(output, json =>
    {
        json.WriteString("topic", message.Topic);
        if (Utf8.IsValid(message.Payload.Span))
            json.WriteString("payload", message.Payload.Span);
        else
            json.WriteBase64String("payloadBase64", message.Payload.Span);
        json.WriteNumber("qos", (int)message.QualityOfService);
        json.WriteBoolean("retain", message.Retain);
        json.WriteNumber("time", message.ReceivedAt);
        if (message.ClientId is { } client)
            json.WriteString("clientId", client);
    });

    private static void WriteLine(PipeWriter output, Action<Utf8JsonWriter> members)
    {
        using (var json = new Utf8JsonWriter(output, Json))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }
}
