using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>
/// A message copied once for all rules it reaches. The bus calls each subscription of one message in turn on one thread, so the
/// last copy of the thread is the same message if it has the same content and none of its takers is the one asking.
/// </summary>
internal sealed class RoutedMessage
{
    [ThreadStatic]
    private static RoutedMessage? s_last;

    private readonly ApplicationMessage _owned;
    private readonly List<RuleSink> _takers = [];
    private readonly List<RuleRunner> _runners = [];

    private RoutedMessage(ApplicationMessage owned, string topic, string? traceId = null)
    {
        _owned = owned;
        Sql = new SqlMessage
        {
            TraceId = traceId!, // null: one is made when somebody asks
            Topic = topic,
            Payload = owned.Payload,
            Timestamp = owned.ReceivedAt,
            ClientId = owned.ClientId,
            Principal = owned.PrincipalId,
            ContentType = owned.Properties?.ContentType,
            ResponseTopic = owned.Properties?.ResponseTopic,
            CorrelationData = owned.Properties?.CorrelationData,
            PayloadFormatIndicator = owned.Properties?.PayloadIsUtf8 == true ? (byte)1 : null,
            UserProperties = owned.Properties?.UserProperties ?? [],
        };
    }

    public SqlMessage Sql { get; }

    /// <summary>As published, for the error document; behind Basic Ingest the rule sees a shorter one.</summary>
    public string PublishedTopic => _owned.Topic;

    public MessageOrigin Origin => _owned.Origin;

    /// <summary>As the rule sees it.</summary>
    public MessageView View => new()
    {
        Topic = System.Text.Encoding.UTF8.GetBytes(Sql.Topic),
        Properties = _owned.Properties is null ? default : _owned.Properties.Encoded.Span,
        Payload = _owned.Payload.Span,
        QualityOfService = _owned.QualityOfService,
        ReceivedAt = _owned.ReceivedAt,
        ClientId = _owned.ClientId,
        PrincipalId = _owned.PrincipalId,
        Origin = _owned.Origin,
    };

    public static RoutedMessage Take(in MessageView view, RuleSink taker)
    {
        var last = s_last;
        if (last is null || last._takers.Contains(taker) || !last.IsSame(view))
            s_last = last = new RoutedMessage(view.ToOwned(), view.TopicString);
        last._takers.Add(taker);
        return last;
    }

    /// <summary>Basic Ingest: the message as its one rule sees it.</summary>
    public static RoutedMessage Ingested(in MessageView view, string rest) => new(view.ToOwned(), rest);

    /// <summary>A message read back from the journal.</summary>
    public static RoutedMessage Kept(in MessageView view) => new(view.ToOwned(), view.TopicString);

    /// <summary>What templates and the error document see of a message that a window kept.</summary>
    public static RoutedMessage Of(SqlMessage message, MessageOrigin origin) =>
        new(new ApplicationMessage(message.Topic, message.Payload) { ReceivedAt = message.Timestamp, ClientId = message.ClientId, Origin = origin }, message.Topic, message.TraceId);

    /// <summary>False where the runner has this message already, through another subscription while its filter is being exchanged.</summary>
    public bool TryTakeFor(RuleRunner runner)
    {
        if (_runners.Contains(runner))
            return false;
        _runners.Add(runner);
        return true;
    }

    private bool IsSame(in MessageView view) =>
        view.ReceivedAt == _owned.ReceivedAt
        && ReferenceEquals(view.Origin, _owned.Origin)
        && view.ClientId == _owned.ClientId
        && view.PrincipalId == _owned.PrincipalId
        && view.Payload.SequenceEqual(_owned.Payload.Span)
        && view.Properties.SequenceEqual(_owned.Properties is null ? default : _owned.Properties.Encoded.Span)
        && System.Text.Encoding.UTF8.GetByteCount(_owned.Topic) == view.Topic.Length
        && view.TopicString == _owned.Topic;
}
