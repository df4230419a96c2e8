using System.Globalization;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>Publishes the outgoing payload to another topic (AWS guide: Rule actions), with MQTT 5 properties; `retain` and QoS 2 are the gateway's own.</summary>
internal sealed class RepublishAction : IRuleAction
{
    private readonly IMessageBus _bus;
    private readonly RulesOptions _options;
    private readonly SqlTemplate _topic;
    private readonly QualityOfService _qos;
    private readonly bool _retain;
    private readonly Headers? _headers;

    private RepublishAction(IMessageBus bus, RulesOptions options, SqlTemplate topic, QualityOfService qos, bool retain, Headers? headers) =>
        (_bus, _options, _topic, _qos, _retain, _headers) = (bus, options, topic, qos, retain, headers);

    private sealed record Headers(
        SqlTemplate? PayloadFormatIndicator,
        SqlTemplate? ContentType,
        SqlTemplate? ResponseTopic,
        SqlTemplate? CorrelationData,
        SqlTemplate? MessageExpiry,
        IReadOnlyList<(string Key, SqlTemplate Value)> UserProperties);

    public string FailureName => "RepublishAction";

    /// <summary>The topic where it is no template, for the warning about a rule that feeds itself.</summary>
    public string? LiteralTopic => _topic.Literal is { } topic ? Topic(topic) : null;

    public static RepublishAction Create(ActionParameters parameters, IMessageBus bus, RulesOptions options)
    {
        var topic = parameters.Template("topic");
        if (topic.Literal is { } literal && !IsAllowed(Topic(literal)))
            throw parameters.Invalid("topic", $"is {literal}, which is no topic to publish to");
        return new(bus, options, topic, (QualityOfService)parameters.Int32("qos", 0, 0, 2), parameters.Boolean("retain"), ReadHeaders(parameters.Section("headers")));
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var topic = Topic(firing.Render(_topic, "topic"));
        if (!IsAllowed(topic))
            return new(topic, $"{topic} is no topic to publish to", "InvalidTopic", IsRecoverable: false);
        if (firing.Denied("iot:Publish", "iot", $"topic/{topic}") is { } denied)
            return denied;
        var message = new ApplicationMessage(topic, firing.Payload) { QualityOfService = _qos, Retain = _retain, Properties = Properties(firing) };
        return await _bus.PublishAsync(firing, message, _options, cancellationToken);
    }

    // `$$aws/…` stands for `$aws/…` (AWS guide: Substitution templates).
    private static string Topic(string text) => text.StartsWith("$$", StringComparison.Ordinal) ? text[1..] : text;

    // Not to job topics (AWS guide: Rule actions), nor back into rules.
    private static bool IsAllowed(string topic) =>
        Topics.IsValidName(topic) && !topic.StartsWith(RuleTopics.Prefix, StringComparison.Ordinal)
        && !(topic.StartsWith("$aws/things/", StringComparison.Ordinal) && topic.Contains("/jobs/", StringComparison.Ordinal));

    private static Headers? ReadHeaders(ActionParameters? headers)
    {
        if (headers is null)
            return null;
        var properties = new List<(string Key, SqlTemplate Value)>();
        foreach (var property in headers.Items("userProperties"))
        {
            properties.Add((property.Text("key") ?? throw property.Invalid("key", "is required"), property.Template("value")));
            property.End();
        }
        var read = new Headers(
            headers.OptionalTemplate("payloadFormatIndicator"),
            headers.OptionalTemplate("contentType"),
            headers.OptionalTemplate("responseTopic"),
            headers.OptionalTemplate("correlationData"),
            headers.OptionalTemplate("messageExpiry"),
            properties);
        headers.End();
        return read;
    }

    private MessageProperties? Properties(RuleFiring firing)
    {
        if (_headers is null)
            return null;
        var responseTopic = Optional(firing, _headers.ResponseTopic, "responseTopic");
        if (responseTopic is not null && !Topics.IsValidName(responseTopic))
            throw new RuleTemplateException("responseTopic", $"responseTopic is {responseTopic}, which is no topic name");
        var format = Optional(firing, _headers.PayloadFormatIndicator, "payloadFormatIndicator");
        if (format is not (null or "UNSPECIFIED_BYTES" or "UTF8_DATA"))
            throw new RuleTemplateException("payloadFormatIndicator", $"payloadFormatIndicator is {format}, expected UNSPECIFIED_BYTES or UTF8_DATA");
        return MessageProperties.Create(
            _headers.UserProperties.Select(property => KeyValuePair.Create(property.Key, firing.Render(property.Value, property.Key, required: false))),
            Optional(firing, _headers.ContentType, "contentType"),
            responseTopic,
            Correlation(firing),
            Expiry(firing),
            format == "UTF8_DATA");
    }

    private byte[] Correlation(RuleFiring firing)
    {
        if (Optional(firing, _headers!.CorrelationData, "correlationData") is not { } text)
            return [];
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : throw new RuleTemplateException("correlationData", "correlationData is not base64");
    }

    private uint? Expiry(RuleFiring firing)
    {
        if (Optional(firing, _headers!.MessageExpiry, "messageExpiry") is not { } text)
            return null;
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new RuleTemplateException("messageExpiry", $"messageExpiry is {text}, expected whole seconds");
    }

    private static string? Optional(RuleFiring firing, SqlTemplate? template, string parameter) =>
        template is not null && firing.Render(template, parameter, required: false) is { Length: > 0 } text ? text : null;
}
