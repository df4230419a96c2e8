using System.Collections.Frozen;
using System.Numerics;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>
/// Looks at a WHERE on the publisher's thread, where the message is only borrowed: most messages of most rules end here, and nothing is
/// copied, queued or allocated for them. Only conditions that cost little are looked at so; what holds, or cannot be told, goes to the
/// rule's own loop, which decides.
/// </summary>
/// <remarks>Hot path: 0 bytes allocated where the WHERE is false. All rules of one message share one parse.</remarks>
internal sealed class RulePrefilter
{
    private const int MaxHeight = 32;
    private const int MaxPayloadBytes = 128 * 1024;

    // They take their time, or say something else at every look.
    private static readonly FrozenSet<string> NotHere = FrozenSet.Create(
        StringComparer.Ordinal, "regexp_matches", "regexp_replace", "regexp_substr", "decode", "transform", "traceid", "newuuid", "rand", "get_mqtt_property", "get_user_properties",
        "md2", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "parse_time", "time_to_epoch", "concat", "replace", "sourceip");

    [ThreadStatic]
    private static RulePrefilter? s_own;

    private readonly SqlMessage _message = new() { Topic = "", Payload = default, Timestamp = 0 };
    private readonly SqlEvaluation _evaluation;
    private byte[] _payload = new byte[1024];
    private byte[] _topic = new byte[256];
    private int _payloadLength = -1;
    private int _topicLength;

    private RulePrefilter(SqlContext context) => _evaluation = new(_message, context, SqlVersion.V20160323);

    /// <summary>Whether a statement's WHERE may be looked at here.</summary>
    public static bool Suits(SqlStatement statement) =>
        statement is { Where: { } where, IsStateful: false, UsesLookups: false, Sets.Count: 0 } && statement.Edge is not { Joins.Count: > 0 } && where.Height <= MaxHeight && IsCheap(where);

    /// <returns>False: the WHERE is not true, and did not fail.</returns>
    public static bool MayPass(SqlStatement statement, SqlContext context, in MessageView view)
    {
        if (view.Payload.Length > MaxPayloadBytes)
            return true;
        var own = s_own ??= new RulePrefilter(context);
        own.See(view);
        own._evaluation.Restart(context, statement.Version);
        var passes = statement.Where!.Evaluate(own._evaluation).TryBoolean(out var holds) && holds;
        return passes || own._evaluation.Failure is not null;
    }

    private static bool IsCheap(SqlExpression expression) =>
        expression is not (SubqueryExpression or ExistsExpression or EncodePayloadExpression or BoundExpression)
        && !(expression is CallExpression call && NotHere.Contains(call.Name))
        && expression.Children.All(IsCheap);

    // The same bytes again are the same message, for another rule: what was read of it stays.
    private void See(in MessageView view)
    {
        if (_payloadLength == view.Payload.Length && _message.Timestamp == view.ReceivedAt && ReferenceEquals(_message.ClientId, view.ClientId)
            && _payload.AsSpan(0, _payloadLength).SequenceEqual(view.Payload) && _topic.AsSpan(0, _topicLength).SequenceEqual(view.Topic))
            return;
        Keep(ref _payload, view.Payload, out _payloadLength);
        Keep(ref _topic, view.Topic, out _topicLength);
        _message.Reuse(_topic.AsMemory(0, _topicLength), _payload.AsMemory(0, _payloadLength), view.ReceivedAt, view.ClientId, view.PrincipalId);
    }

    private static void Keep(ref byte[] buffer, ReadOnlySpan<byte> bytes, out int length)
    {
        if (buffer.Length < bytes.Length)
            buffer = new byte[BitOperations.RoundUpToPowerOf2((uint)bytes.Length)];
        bytes.CopyTo(buffer);
        length = bytes.Length;
    }
}
