using System.Globalization;
using System.Text.Json;
using EdgeGateway.Messaging;

namespace EdgeGateway.Api.Aws;

/// <summary>One call: the request taken apart, before an operation looks at it.</summary>
internal sealed class AwsCall(
    AwsRoute route, IReadOnlyDictionary<string, string> labels, RawTarget target, IHeaderDictionary headers, ReadOnlyMemory<byte> payload, Caller caller,
    HttpContext http)
{
    private AwsObject? _body;

    public AwsRoute Route => route;
    public Caller Caller => caller;
    public HttpContext Http => http;
    public RawTarget Target => target;

    /// <summary>The body as sent: shadows, publishes, rules.</summary>
    public ReadOnlyMemory<byte> Payload => payload;

    /// <summary>The body as JSON; an empty one is <c>{}</c>.</summary>
    public AwsObject Body => _body ??= Parse();

    public string Label(string name) => labels[name];

    public string? Query(string name) => target.Query(name);

    public string RequiredQuery(string name) => Query(name) ?? throw AwsException.Missing(name);

    public bool? QueryBoolean(string name) => Query(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw AwsException.InvalidRequest($"{name} is '{other}', expected true or false"),
    };

    public long? QueryInt64(string name) =>
        Query(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw AwsException.InvalidRequest($"{name} is '{text}', expected a whole number");

    public string? Header(string name) => headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;

    public string RequiredHeader(string name) => Header(name) ?? throw AwsException.Missing($"the header {name}");

    private AwsObject Parse()
    {
        if (payload.IsEmpty)
            return AwsObject.None;
        try
        {
            StrictJson.Check(payload.Span);
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object ? new(root, "") : throw AwsException.Serialization("the body is not a JSON object");
        }
        catch (JsonException ex)
        {
            throw AwsException.Serialization($"the body is not JSON: line {ex.LineNumber + 1}, byte {ex.BytePositionInLine + 1}");
        }
    }
}
