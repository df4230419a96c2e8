using System.Formats.Cbor;
using System.Text.Json;
using EdgeGateway.Messaging;

namespace EdgeGateway.Jobs.Streams;

/// <summary>A device's request for a stream's description or its blocks (AWS guide: Reserved topics).</summary>
/// <param name="Operation"><c>describe</c> or <c>get</c>.</param>
/// <param name="Format"><c>json</c> or <c>cbor</c>.</param>
internal sealed record StreamRequest(string Thing, string Stream, string Operation, string Format, byte[] Body)
{
    private const int MaxBytes = 128 * 1024;

    public static IReadOnlyList<string> Filters { get; } = ["$aws/things/+/streams/+/describe/+", "$aws/things/+/streams/+/get/+"];

    /// <summary>Null: no request.</summary>
    public static StreamRequest? Read(in MessageView message) => message.TopicString.Split('/') is [_, _, var thing, _, var stream, ("describe" or "get") and var operation, ("json" or "cbor") and var format]
        ? new(thing, stream, operation, format, message.Payload[..Math.Min(message.Payload.Length, MaxBytes + 1)].ToArray())
        : null;

    public string Topic(string answer) => $"$aws/things/{Thing}/streams/{Stream}/{answer}/{Format}";

    /// <exception cref="StreamRefusal">It is not what it says, or a member is of another type.</exception>
    public StreamAsk Parse()
    {
        if (Body.Length > MaxBytes)
            throw new StreamRefusal("InvalidRequest", $"the request has more than {MaxBytes} bytes");
        try
        {
            return Body.Length == 0 ? new() : Format == "json" ? FromJson() : FromCbor();
        }
        catch (Exception ex) when (ex is JsonException or CborContentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new StreamRefusal(Format == "json" ? "InvalidJson" : "InvalidCbor", ex.Message);
        }
    }

    private StreamAsk FromJson()
    {
        StrictJson.Check(Body);
        using var document = JsonDocument.Parse(Body);
        var ask = new StreamAsk();
        foreach (var member in document.RootElement.EnumerateObject())
            ask = member.Name switch
            {
                "c" => ask with { Token = member.Value.GetString() },
                "s" => ask with { Version = member.Value.GetInt64() },
                "f" => ask with { File = member.Value.GetInt32() },
                "l" => ask with { BlockBytes = member.Value.GetInt32() },
                "o" => ask with { Offset = member.Value.GetInt32() },
                "n" => ask with { Blocks = member.Value.GetInt32() },
                "b" => ask with { Bitmap = member.Value.GetBytesFromBase64() },
                _ => ask,
            };
        return ask;
    }

    private StreamAsk FromCbor()
    {
        var reader = new CborReader(Body);
        var ask = new StreamAsk();
        for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap;)
            switch (reader.ReadTextString())
            {
                case "c":
                    ask = ask with { Token = reader.ReadTextString() };
                    break;
                case "s":
                    ask = ask with { Version = reader.ReadInt64() };
                    break;
                case "f":
                    ask = ask with { File = reader.ReadInt32() };
                    break;
                case "l":
                    ask = ask with { BlockBytes = reader.ReadInt32() };
                    break;
                case "o":
                    ask = ask with { Offset = reader.ReadInt32() };
                    break;
                case "n":
                    ask = ask with { Blocks = reader.ReadInt32() };
                    break;
                case "b":
                    ask = ask with { Bitmap = reader.ReadByteString() };
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        return ask;
    }
}
