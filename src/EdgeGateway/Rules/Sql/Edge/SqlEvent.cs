namespace EdgeGateway.Rules.Sql;

/// <summary>A message that a window holds, with the values of the stateful functions at its time.</summary>
/// <param name="Time">Event time, Unix milliseconds.</param>
internal sealed record SqlEvent(SqlMessage Message, long Time, SqlValue[] Slots)
{
    /// <summary>Of a row of joined streams: the members of each under its name. Not kept on disk: the messages are.</summary>
    public Dictionary<string, SqlValue>? Joined { get; init; }

    /// <summary>About the bytes it takes.</summary>
    public int Size => 128 + Message.Payload.Length + (2 * Message.Topic.Length);

    public SqlValue Save()
    {
        var saved = new SqlObject(6);
        saved.Set("t", Time);
        saved.Set("at", Message.Timestamp);
        saved.Set("topic", Message.Topic);
        saved.Set("client", Message.ClientId);
        saved.Set("payload", Convert.ToBase64String(Message.Payload.Span));
        saved.Set("slots", SqlValue.Array([.. Slots.Select(static slot => slot.IsUndefined ? SqlValue.Array([]) : SqlAnalytics.Array(slot))]));
        return saved;
    }

    public static SqlEvent Load(SqlValue value)
    {
        var saved = value.AsObject;
        var message = new SqlMessage
        {
            Topic = saved.Get("topic").AsString,
            Payload = Convert.FromBase64String(saved.Get("payload").AsString),
            Timestamp = Number(saved.Get("at")),
            ClientId = saved.Get("client") is { Kind: SqlKind.String } client ? client.AsString : null,
        };
        return new(message, Number(saved.Get("t")), [.. saved.Get("slots").AsArray.Select(static slot => slot.AsArray.Count == 0 ? default : slot.AsArray[0])]);
    }

    internal static long Number(SqlValue value) => value.TryNumber(out var number) && number.TryToInt64(out var result) ? result : 0;
}
