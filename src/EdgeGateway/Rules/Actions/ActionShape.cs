using System.IO.Compression;
using System.Text;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// What an action of an `edge-1` rule does with the outgoing payload before it takes it (docs/rules.md): `sendSingle`, `if`, `fields`, `omitIfEmpty`, `batch`,
/// `dataTemplate`, `format`, `compress`, in this order. `if` and `dataTemplate` see the outgoing payload, whose members are those of SELECT; an action's other templates see the message.
/// </summary>
internal sealed class ActionShape
{
    private static readonly string[] Formats = ["json", "csv", "cbor", "msgpack"];
    private readonly SqlExpression? _if;
    private readonly SqlTemplate? _template;
    private readonly IReadOnlyList<string> _fields;
    private readonly string _format;
    private readonly bool _hasHeader;
    private readonly bool _omitsEmpty;
    private readonly bool _sendsSingle;
    private readonly bool _compresses;

    private ActionShape(ActionParameters parameters, SqlVersion version, TimeProvider time)
    {
        if (parameters.Text("if") is { } condition)
            _if = SqlTemplate.ParseExpression(condition, version, out var error) ?? throw new ActionSyntaxException(RuleErrorKind.SqlParse, parameters.Invalid("if", $"is {error}").Message);
        _template = parameters.OptionalTemplate("dataTemplate");
        _fields = parameters.Strings("fields");
        _format = parameters.Text("format") ?? "json";
        if (!Formats.Contains(_format))
            throw parameters.Invalid("format", $"is {_format}, expected {string.Join(", ", Formats)}; a text of your own is dataTemplate");
        if (_template is not null && _format != "json")
            throw parameters.Invalid("dataTemplate", "and format exclude each other");
        _hasHeader = parameters.Boolean("csvHeader");
        if (_hasHeader && _format != "csv")
            throw parameters.Invalid("csvHeader", "belongs to format csv");
        _omitsEmpty = parameters.Boolean("omitIfEmpty");
        _sendsSingle = parameters.Boolean("sendSingle");
        _compresses = parameters.Text("compress") switch
        {
            null or "none" => false,
            "gzip" => true,
            var other => throw parameters.Invalid("compress", $"is {other}, expected gzip or none"),
        };
        Batch = ActionBatch.Read(parameters, time);
    }

    /// <summary>Null: each message for itself.</summary>
    public ActionBatch? Batch { get; }

    /// <summary>One message may become several, or several one.</summary>
    public bool SplitsOrGathers => _sendsSingle || Batch is not null;

    private bool IsPlain => _if is null && _template is null && _fields.Count == 0 && _format == "json" && !_omitsEmpty && !_sendsSingle && !_compresses && Batch is null;

    /// <returns>Null where the action takes the payload as it is.</returns>
    /// <exception cref="ActionSyntaxException">A value is none.</exception>
    public static ActionShape? Read(ActionParameters parameters, SqlVersion version, TimeProvider time) =>
        version == SqlVersion.Edge1 && new ActionShape(parameters, version, time) is { IsPlain: false } shape ? shape : null;

    public async ValueTask<RuleActionFailure?> ExecuteAsync(IRuleAction action, RuleFiring firing, CancellationToken cancellationToken)
    {
        if (!firing.IsJson || !SqlJson.TryParse(firing.Payload.Span, SqlVersion.Edge1, out var whole))
        {
            if (firing.Payload.IsEmpty && _omitsEmpty)
                return null;
            // Bytes have no members: they can be compressed, and nothing else.
            return await action.ExecuteAsync(_compresses ? firing with { Payload = Compress(firing.Payload) } : firing, cancellationToken);
        }
        RuleActionFailure? failure = null;
        IReadOnlyList<SqlValue> parts = _sendsSingle && whole.Kind == SqlKind.Array ? [.. whole.AsArray] : [whole];
        for (var i = 0; i < parts.Count; i++)
        {
            // What went already does not go again because another part failed.
            if (firing.Sent.Contains(this, i))
                continue;
            var one = await OneAsync(action, firing, parts[i], cancellationToken);
            failure ??= one;
            if (one is null)
                firing.Sent.Add(this, i);
        }
        return failure;
    }

    private async ValueTask<RuleActionFailure?> OneAsync(IRuleAction action, RuleFiring firing, SqlValue part, CancellationToken cancellationToken)
    {
        if (_if is not null)
        {
            var evaluation = new SqlEvaluation(Outgoing(firing, part), firing.Context, SqlVersion.Edge1);
            var holds = _if.Evaluate(evaluation).TryBoolean(out var value) && value;
            if (evaluation.Failure is { } failure)
                return new("if", $"{failure.Function}: {failure.Message}", "BadCondition", IsRecoverable: false);
            if (!holds)
                return null;
        }
        var chosen = Choose(part);
        if (_omitsEmpty && IsEmpty(chosen))
            return null;
        return Batch is { } batch
            ? await batch.JoinAsync(chosen, (all, last) => action.ExecuteAsync(Shaped(last, all), CancellationToken.None), firing, cancellationToken)
            : await action.ExecuteAsync(Shaped(firing, chosen), cancellationToken);
    }

    private RuleFiring Shaped(RuleFiring firing, SqlValue value)
    {
        var bytes = _template is not null ? Encoding.UTF8.GetBytes(Render(firing, value)) : _format switch
        {
            "csv" => Encoding.UTF8.GetBytes(CsvText.Of(value, _hasHeader)),
            "cbor" => BinaryWriters.Cbor(value),
            "msgpack" => BinaryWriters.MsgPack(value),
            _ => SqlJson.ToUtf8(value),
        };
        var isJson = !_compresses && (_template is not null ? SqlJson.TryParse(bytes, SqlVersion.Edge1, out _) : _format == "json");
        return firing with { Payload = _compresses ? Compress(bytes) : bytes, IsJson = isJson };
    }

    private string Render(RuleFiring firing, SqlValue value)
    {
        var text = _template!.Render(Outgoing(firing, value), firing.Context, firing.Statement, out var failure);
        return failure is null ? text! : throw new RuleTemplateException("dataTemplate", $"dataTemplate: {failure.Function}: {failure.Message}");
    }

    private static SqlMessage Outgoing(RuleFiring firing, SqlValue value) => new()
    {
        Topic = firing.Message.Topic, Payload = SqlJson.ToUtf8(value), Timestamp = firing.Message.Timestamp, ClientId = firing.Message.ClientId, Principal = firing.Message.Principal,
    };

    private SqlValue Choose(SqlValue value)
    {
        if (_fields.Count == 0)
            return value;
        if (value.Kind == SqlKind.Array)
            return SqlValue.Array([.. value.AsArray.Select(Choose)]);
        if (value.Kind != SqlKind.Object)
            return value;
        var chosen = new SqlObject(_fields.Count);
        foreach (var field in _fields)
        {
            if (value.AsObject.TryGet(field, out var member))
                chosen.Set(field, member);
        }
        return chosen;
    }

    private static bool IsEmpty(SqlValue value) => value.Kind switch
    {
        SqlKind.Object => value.AsObject.Count == 0,
        SqlKind.Array => value.AsArray.Count == 0,
        SqlKind.String => value.AsString.Length == 0,
        var kind => kind is SqlKind.Undefined or SqlKind.Null,
    };

    private static byte[] Compress(ReadOnlyMemory<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes.Span);
        return packed.ToArray();
    }
}
