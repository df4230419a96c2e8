using System.Text;
using EdgeGateway.Rules.Queues;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`sqs` (docs/rules.md): the payload into a local queue, named by the last part of `queueUrl`.</summary>
internal sealed class SqsAction : IRuleAction
{
    private readonly IQueues _queues;
    private readonly SqlTemplate _url;
    private readonly SqlTemplate? _group;
    private readonly SqlTemplate? _deduplication;
    private readonly bool _isBase64;

    private SqsAction(IQueues queues, SqlTemplate url, bool isBase64, SqlTemplate? group, SqlTemplate? deduplication) =>
        (_queues, _url, _isBase64, _group, _deduplication) = (queues, url, isBase64, group, deduplication);

    public string FailureName => "SqsAction";

    // messageGroupId and messageDeduplicationId are the gateway's own: AWS's action has no FIFO queues.
    public static SqsAction Create(ActionParameters parameters, IQueues queues) => new(
        queues, parameters.Template("queueUrl"), parameters.Boolean("useBase64"), parameters.OptionalTemplate("messageGroupId"), parameters.OptionalTemplate("messageDeduplicationId"));

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var url = firing.Render(_url, "queueUrl");
        var name = url[(url.LastIndexOfAny(['/', ':']) + 1)..];
        if (!QueueInfo.IsValidName(name))
            return new(url, $"{name} is no name of a queue", "InvalidName", IsRecoverable: false);
        if (firing.Denied("sqs:SendMessage", "sqs", name) is { } denied)
            return denied;
        if (!_isBase64 && !IsText(firing.Payload.Span))
            return new(name, "the payload is no text: use useBase64", "InvalidPayload", IsRecoverable: false);
        var body = _isBase64 ? Encoding.ASCII.GetBytes(Convert.ToBase64String(firing.Payload.Span)) : firing.Payload;
        await _queues.SendAsync(
            name, body, _group is null ? null : firing.Render(_group, "messageGroupId"), _deduplication is null ? null : firing.Render(_deduplication, "messageDeduplicationId"));
        return null;
    }

    private static bool IsText(ReadOnlySpan<byte> payload) => System.Text.Unicode.Utf8.IsValid(payload);
}
