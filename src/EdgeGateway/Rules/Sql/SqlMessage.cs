namespace EdgeGateway.Rules.Sql;

/// <summary>
/// The message a statement is evaluated against. Made once per message and given to all rules it reaches: its payload is
/// parsed once, lazily, for all of them.
/// </summary>
internal sealed class SqlMessage
{
    private SqlPayload? _body;
    private string? _traceId;
    private string? _topic;
    private ReadOnlyMemory<byte> _topicUtf8;
    private ReadOnlyMemory<byte> _payload;
    private long _timestamp;
    private string? _clientId;
    private string? _principal;

    /// <summary>As the rule sees it: behind the rule's name for Basic Ingest.</summary>
    public required string Topic
    {
        get => _topic ??= System.Text.Encoding.UTF8.GetString(_topicUtf8.Span);
        init => _topic = value;
    }

    public required ReadOnlyMemory<byte> Payload
    {
        get => _payload;
        init => _payload = value;
    }

    /// <summary>Milliseconds since 1970 UTC; one moment for all uses.</summary>
    public required long Timestamp
    {
        get => _timestamp;
        init => _timestamp = value;
    }

    /// <summary>Null where the message did not come over MQTT.</summary>
    public string? ClientId
    {
        get => _clientId;
        init => _clientId = value;
    }

    /// <summary>Certificate thumbprint, user or role; null where nobody is known.</summary>
    public string? Principal
    {
        get => _principal;
        init => _principal = value;
    }

    public string? SourceAddress { get; init; }

    public string? ContentType { get; init; }

    public string? ResponseTopic { get; init; }

    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>MQTT 5 §3.3.2.3.2: 0 unspecified bytes, 1 UTF-8 text; null where absent.</summary>
    public byte? PayloadFormatIndicator { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>A UUID per message, made when first asked for unless given.</summary>
    public string TraceId
    {
        get => _traceId ??= Guid.NewGuid().ToString();
        init => _traceId = value;
    }

    /// <summary>Makes this another message, allocating nothing; for who looks at messages it does not keep.</summary>
    /// <remarks>Hot path.</remarks>
    internal void Reuse(ReadOnlyMemory<byte> topicUtf8, ReadOnlyMemory<byte> payload, long timestamp, string? clientId, string? principal)
    {
        (_topic, _topicUtf8, _payload, _timestamp, _clientId, _principal, _traceId) = (null, topicUtf8, payload, timestamp, clientId, principal, null);
        _body?.Reuse(payload);
    }

    public SqlPayload Body => _body ??= new SqlPayload(Payload);
}
