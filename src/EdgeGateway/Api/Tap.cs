using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using System.Threading.Channels;
using EdgeGateway.Messaging;

namespace EdgeGateway.Api;

/// <summary>
/// A look at the messages that pass a filter, for people: so many a second, the rest is counted. It never slows the broker down: what it
/// cannot take at once it lets go.
/// </summary>
internal sealed class Tap(int rate, TimeProvider time) : IMessageSink
{
    public const int DefaultRate = 100;
    public const int MaxRate = 10_000;
    private const int MaxPayloadBytes = 64 << 10;
    private readonly Channel<(ApplicationMessage Message, long SkippedBefore)> _passing = Channel.CreateBounded<(ApplicationMessage, long)>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly Lock _gate = new(); // guards the second under way
    private long _second = time.GetTimestamp();
    private int _inSecond;
    private long _skipped;

    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (!MayPass())
        {
            Interlocked.Increment(ref _skipped);
            return DurabilityTicket.None;
        }
        var skipped = Interlocked.Exchange(ref _skipped, 0);
        if (!_passing.Writer.TryWrite((message.ToOwned(), skipped)))
            Interlocked.Add(ref _skipped, skipped + 1);
        return DurabilityTicket.None;
    }

    /// <summary>Writes one JSON object a line until cancelled.</summary>
    public async Task WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (message, skipped) in _passing.Reader.ReadAllAsync(cancellationToken))
            {
                Write(output, message, skipped);
                if (!_passing.Reader.TryPeek(out _))
                    await output.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller has seen enough.
        }
    }

    private bool MayPass()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_second).TotalSeconds >= 1)
            {
                _second = time.GetTimestamp();
                _inSecond = 0;
            }
            return _inSecond++ < rate;
        }
    }

    private static void Write(PipeWriter output, ApplicationMessage message, long skipped)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("topic", message.Topic);
            var payload = message.Payload.Span[..Math.Min(message.Payload.Length, MaxPayloadBytes)];
            if (Utf8.IsValid(payload))
                json.WriteString("payload", payload);
            else
                json.WriteBase64String("payloadBase64", payload);
            json.WriteNumber("payloadBytes", message.Payload.Length);
            json.WriteNumber("qos", (int)message.QualityOfService);
            json.WriteBoolean("retain", message.Retain);
            if (message.ClientId is not null)
                json.WriteString("clientId", message.ClientId);
            json.WriteString("origin", message.Origin.Source);
            json.WriteNumber("timestamp", message.ReceivedAt);
            if (skipped > 0)
                json.WriteNumber("skippedBefore", skipped);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }
}
