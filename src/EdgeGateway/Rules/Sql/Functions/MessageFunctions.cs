namespace EdgeGateway.Rules.Sql;

/// <summary>What is known about the message and its rule (AWS guide: SQL functions).</summary>
internal static class MessageFunctions
{
    public static readonly SqlFunction[] All =
    [
        new("topic", false, 0, 1, Topic),
        new("clientid", false, 0, 0, static (e, _) => e.Message.ClientId ?? "n/a"),
        new("principal", false, 0, 0, static (e, _) => e.Message.Principal),
        new("sourceip", true, 0, 0, static (e, _) => e.Message.SourceAddress),
        new("traceid", false, 0, 0, static (e, _) => e.Message.TraceId),
        new("timestamp", false, 0, 0, static (e, _) => e.Message.Timestamp),
        new("newuuid", false, 0, 0, static (_, _) => Guid.NewGuid().ToString()),
        new("accountid", false, 0, 0, static (e, _) => e.Context.AccountId),
        new("sql_version", false, 0, 0, static (e, _) => e.Version.ToName()),
        new("get_mqtt_property", true, 1, 1, static (e, a) => a[0].Kind == SqlKind.String ? Property(e.Message, a[0].AsString) : default),
        new("get_user_properties", true, 0, 1, UserProperties),
    ];

    private static SqlValue Topic(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        var topic = evaluation.Message.Topic;
        if (arguments.Length == 0)
            return topic;
        if (!arguments[0].TryNumber(out var number))
            return default;
        var wanted = number.ToInt32Clamped();
        if (wanted < 1)
            return default;
        var level = 1;
        foreach (var range in topic.AsSpan().Split('/'))
        {
            if (level++ == wanted)
                return topic[range];
        }
        return default;
    }

    private static SqlValue Property(SqlMessage message, string name) => name switch
    {
        "format_indicator" or "payload_format_indicator" => message.PayloadFormatIndicator is { } format
            ? format == 1 ? "UTF8_DATA" : "UNSPECIFIED_BYTES"
            : default(SqlValue),
        "content_type" => message.ContentType,
        "response_topic" => message.ResponseTopic,
        "correlation_data" => message.CorrelationData is { } data ? Convert.ToBase64String(data.Span) : default(SqlValue),
        _ => default,
    };

    private static SqlValue UserProperties(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments.Length == 1 && arguments[0].Kind != SqlKind.String)
            return default;
        var items = new List<SqlValue>();
        foreach (var (name, value) in evaluation.Message.UserProperties)
        {
            if (arguments.Length == 1)
            {
                if (name == arguments[0].AsString)
                    items.Add(value);
                continue;
            }
            var pair = new SqlObject(2);
            pair.Set("key", name);
            pair.Set("value", value);
            items.Add(pair);
        }
        return arguments.Length == 1 && items.Count == 0 ? default : evaluation.Hold(SqlValue.Array(items));
    }
}
