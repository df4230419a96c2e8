using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Rules.Http;
using EdgeGateway.Rules.Notify;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// `sns` (docs/rules.md): tells everybody who subscribed to the topic, the last part of `targetArn`: a webhook gets SNS's envelope, an MQTT topic,
/// a function and a mailbox the message. With `messageFormat: JSON` the result has a text for each protocol and `default`.
/// </summary>
internal sealed class SnsAction : ISendingAction
{
    private readonly NotifyStore _store;
    private readonly HttpSender _http;
    private readonly FunctionSender _functions;
    private readonly BusSender _bus;
    private readonly EmailSender _mail;
    private readonly SqlTemplate _target;
    private readonly bool _isJson;

    private SnsAction(NotifyStore store, HttpSender http, FunctionSender functions, BusSender bus, EmailSender mail, SqlTemplate target, bool isJson) =>
        (_store, _http, _functions, _bus, _mail, _target, _isJson) = (store, http, functions, bus, mail, target, isJson);

    public string FailureName => "SnsAction";

    public static SnsAction Create(ActionParameters parameters, NotifyStore store, HttpSender http, FunctionSender functions, BusSender bus, EmailSender mail)
    {
        var format = parameters.Text("messageFormat") ?? "RAW";
        if (format is not ("RAW" or "JSON"))
            throw parameters.Invalid("messageFormat", $"is {format}, expected RAW or JSON");
        return new(store, http, functions, bus, mail, parameters.Template("targetArn"), format == "JSON");
    }

    public IParcelSender SenderOf(Parcel parcel) => parcel.Kind switch { HttpParcel.Kind => _http, FunctionSender.KindName => _functions, EmailSender.KindName => _mail, _ => _bus };

    public RuleActionFailure? Prepare(RuleFiring firing, out IReadOnlyList<Parcel> parcels)
    {
        parcels = [];
        var arn = firing.Render(_target, "targetArn");
        var topic = arn[(arn.LastIndexOf(':') + 1)..];
        if (firing.Denied("sns:Publish", "sns", topic) is { } denied)
            return denied;
        var subscriptions = _store.Of(topic);
        if (subscriptions.Count == 0)
            return new(topic, $"nobody subscribed to {topic}: 'edgegateway notify subscribe {topic} PROTOCOL ENDPOINT'", "NoSubscription", IsRecoverable: false);
        if (!firing.IsJson && !System.Text.Unicode.Utf8.IsValid(firing.Payload.Span))
            return new(topic, "the payload is no text; encode it in the SELECT", "InvalidPayload", IsRecoverable: false);
        Dictionary<string, string>? texts = null;
        if (_isJson && (texts = Texts(firing.Payload)) is null)
            return new(topic, "messageFormat JSON takes an object of texts, 'default' among them", "InvalidPayload", IsRecoverable: false);
        var raw = Encoding.UTF8.GetString(firing.Payload.Span);
        parcels = [.. subscriptions.Select(subscription => Parcel(firing, arn, subscription, texts is null ? raw : texts.GetValueOrDefault(subscription.Protocol, texts["default"])))];
        return null;
    }

    private static Parcel Parcel(RuleFiring firing, string arn, NotifySubscription subscription, string text)
    {
        switch (subscription.Protocol)
        {
            case "mqtt":
                return new(BusSender.KindName, subscription.Endpoint, BusSender.Write(firing.Origin, Encoding.UTF8.GetBytes(text)));
            case "email":
                return new(EmailSender.KindName, subscription.Endpoint, EmailSender.Write($"Notification of {subscription.Topic}", text));
            case "lambda":
                var call = new FunctionCall(firing.RuleName, firing.Message.Topic, firing.Message.ClientId, firing.Message.TraceId);
                return new(FunctionSender.KindName, FunctionDefinition.NameOf(subscription.Endpoint), FunctionSender.Write(call, Event(firing, arn, text)));
            default:
                KeyValuePair<string, string>[] headers = [new("x-amz-sns-message-type", "Notification"), new("x-amz-sns-message-id", firing.Message.TraceId), new("x-amz-sns-topic-arn", arn)];
                return new(HttpParcel.Kind, subscription.Endpoint, new HttpParcel(subscription.Endpoint, "text/plain; charset=UTF-8", headers, Envelope(firing, arn, text)).ToBytes());
        }
    }

    // As SNS posts it; not signed, for TLS and the destination's confirmation say who it is.
    private static byte[] Envelope(RuleFiring firing, string arn, string text) => RuleJson.Object(writer =>
    {
        writer.WriteString("Type", "Notification");
        writer.WriteString("MessageId", firing.Message.TraceId);
        writer.WriteString("TopicArn", arn);
        writer.WriteString("Message", text);
        writer.WriteString("Timestamp", DateTimeOffset.FromUnixTimeMilliseconds(firing.StoredAt).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    });

    private static byte[] Event(RuleFiring firing, string arn, string text) => RuleJson.Object(writer =>
    {
        writer.WriteStartArray("Records");
        writer.WriteStartObject();
        writer.WriteString("EventSource", "aws:sns");
        writer.WritePropertyName("Sns");
        writer.WriteRawValue(Envelope(firing, arn, text));
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    private static Dictionary<string, string>? Texts(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var texts = document.RootElement.EnumerateObject().Where(static member => member.Value.ValueKind == JsonValueKind.String).ToDictionary(static member => member.Name, static member => member.Value.GetString()!, StringComparer.Ordinal);
            return texts.ContainsKey("default") ? texts : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
