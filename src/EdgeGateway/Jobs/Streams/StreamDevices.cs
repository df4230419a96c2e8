using System.Formats.Cbor;
using System.Threading.Channels;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;

namespace EdgeGateway.Jobs.Streams;

/// <summary>Sends devices the blocks they ask for on <c>$aws/things/THING/streams/STREAM/…</c>, as JSON or CBOR, at QoS 0: what is lost is asked for again.</summary>
internal sealed partial class StreamDevices(IFileStreams streams, IStreamContents contents, IThingCatalog catalog, IMessageBus bus, ILogger<StreamDevices> logger) : BackgroundService, IMessageSink
{
    private const int MostWaiting = 500;
    private static readonly MessageOrigin Origin = new("streams");
    private readonly Channel<StreamRequest> _requests = Channel.CreateBounded<StreamRequest>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly List<IDisposable> _subscriptions = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscriptions.AddRange(StreamRequest.Filters.Select(filter => bus.Subscribe(filter, this)));
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        return base.StopAsync(cancellationToken);
    }

    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (!message.IsWill && StreamRequest.Read(message) is { } request && !_requests.Writer.TryWrite(request))
            LogDropped(request.Thing, MostWaiting);
        return DurabilityTicket.None;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var request in _requests.Reader.ReadAllAsync(stoppingToken))
        {
            string? token = null;
            try
            {
                var ask = request.Parse();
                token = ask.Token;
                await AnswerAsync(request, ask, stoppingToken);
            }
            catch (StreamRefusal refusal)
            {
                await RejectAsync(request, token, refusal);
            }
#pragma warning disable CA1031 // A device's request that fails here is answered and logged, and costs the next one nothing.
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(ex, request.Stream, request.Thing);
                await RejectAsync(request, token, new("InternalError", "the gateway failed; its log tells why"));
            }
        }
    }

    private async Task AnswerAsync(StreamRequest request, StreamAsk ask, CancellationToken cancellationToken)
    {
        if (catalog.Find(request.Thing) is null)
            throw new StreamRefusal("ResourceNotFound", $"thing {request.Thing} is not registered");
        var stream = streams.Find(request.Stream) ?? throw new StreamRefusal("ResourceNotFound", $"stream {request.Stream} is not there");
        if (ask.Version is { } version && version != stream.Version)
            throw new StreamRefusal("VersionMismatch", $"s is {version}, the stream is at version {stream.Version}");
        if (request.Operation == "describe")
            await PublishAsync(request.Topic("description"), Description(request, ask, stream));
        else
            await SendAsync(request, ask, stream, cancellationToken);
    }

    private byte[] Description(StreamRequest request, StreamAsk ask, FileStream stream)
    {
        var files = stream.Files.Select(file => (file.Id, Bytes: BytesOf(file))).ToList();
        if (request.Format == "json")
            return JobMessages.Object(json =>
            {
                if (ask.Token is { } token)
                    json.WriteString("c"u8, token);
                json.WriteNumber("s"u8, stream.Version);
                if (stream.Description is { } description)
                    json.WriteString("d"u8, description);
                json.WriteStartArray("r"u8);
                foreach (var (id, bytes) in files)
                {
                    json.WriteStartObject();
                    json.WriteNumber("f"u8, id);
                    json.WriteNumber("z"u8, bytes);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        var cbor = Map(ask.Token, cbor =>
        {
            cbor.WriteTextString("s");
            cbor.WriteInt64(stream.Version);
            if (stream.Description is { } description)
            {
                cbor.WriteTextString("d");
                cbor.WriteTextString(description);
            }
            cbor.WriteTextString("r");
            cbor.WriteStartArray(files.Count);
            foreach (var (id, bytes) in files)
            {
                cbor.WriteStartMap(2);
                cbor.WriteTextString("f");
                cbor.WriteInt32(id);
                cbor.WriteTextString("z");
                cbor.WriteInt64(bytes);
                cbor.WriteEndMap();
            }
            cbor.WriteEndArray();
        });
        return cbor;
    }

    private async Task SendAsync(StreamRequest request, StreamAsk ask, FileStream stream, CancellationToken cancellationToken)
    {
        var id = ask.File ?? throw new StreamRefusal("InvalidRequest", "f, the file, is missing");
        var file = stream.Files.FirstOrDefault(file => file.Id == id) ?? throw new StreamRefusal("ResourceNotFound", $"the stream has no file {id}");
        await using var content = contents.Open(file.Bucket, file.Key) ?? throw new StreamRefusal("ResourceNotFound", $"the object of file {id} is gone");
        var buffer = new byte[Math.Clamp(ask.BlockBytes ?? 0, 0, StreamAsk.MostBlockBytes)];
        foreach (var block in ask.BlocksOf(content.Length))
        {
            content.Position = (long)block * buffer.Length;
            var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            await PublishAsync(request.Topic("data"), Block(request, ask, id, block, buffer.AsSpan(0, read)));
        }
    }

    private static byte[] Block(StreamRequest request, StreamAsk ask, int file, int block, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        if (request.Format == "json")
            return JobMessages.Object(json =>
            {
                if (ask.Token is { } token)
                    json.WriteString("c"u8, token);
                json.WriteNumber("f"u8, file);
                json.WriteNumber("l"u8, bytes.Length);
                json.WriteNumber("i"u8, block);
                json.WriteBase64String("p"u8, bytes);
            });
        return Map(ask.Token, cbor =>
        {
            cbor.WriteTextString("f");
            cbor.WriteInt32(file);
            cbor.WriteTextString("l");
            cbor.WriteInt32(bytes.Length);
            cbor.WriteTextString("i");
            cbor.WriteInt32(block);
            cbor.WriteTextString("p");
            cbor.WriteByteString(bytes);
        });
    }

    private Task RejectAsync(StreamRequest request, string? token, StreamRefusal refusal) => PublishAsync(request.Topic("rejected"), request.Format == "json"
        ? JobMessages.Object(json =>
        {
            json.WriteString("o"u8, refusal.Code);
            json.WriteString("m"u8, refusal.Message);
            if (token is not null)
                json.WriteString("c"u8, token);
        })
        : Map(token, cbor =>
        {
            cbor.WriteTextString("o");
            cbor.WriteTextString(refusal.Code);
            cbor.WriteTextString("m");
            cbor.WriteTextString(refusal.Message);
        }));

    private static byte[] Map(string? token, Action<CborWriter> writeMembers)
    {
        var cbor = new CborWriter();
        cbor.WriteStartMap(null);
        if (token is not null)
        {
            cbor.WriteTextString("c");
            cbor.WriteTextString(token);
        }
        writeMembers(cbor);
        cbor.WriteEndMap();
        return cbor.Encode();
    }

    private async Task PublishAsync(string topic, byte[] payload) =>
        await bus.PublishAsync(new ApplicationMessage(topic, payload) { QualityOfService = QualityOfService.AtMostOnce, Origin = Origin }, CancellationToken.None);

    private long BytesOf(StreamFile file)
    {
        using var content = contents.Open(file.Bucket, file.Key);
        return content?.Length ?? 0;
    }

    [LoggerMessage(10120, LogLevel.Warning, "A request of {Thing} for a stream was dropped: {Most} are waiting already")]
    private partial void LogDropped(string thing, int most);

    [LoggerMessage(10121, LogLevel.Error, "A request for stream {Stream} by {Thing} failed")]
    private partial void LogFailed(Exception exception, string stream, string thing);
}
