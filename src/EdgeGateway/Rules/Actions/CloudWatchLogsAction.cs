using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Logs;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`cloudwatchLogs` (docs/rules.md): the payload as a line of a log group; with `batchMode` a list of `{"timestamp":ms,"message":text}`.</summary>
internal sealed class CloudWatchLogsAction : IRuleAction
{
    private readonly LogGroups _groups;
    private readonly SqlTemplate _group;
    private readonly bool _isBatch;

    private CloudWatchLogsAction(LogGroups groups, SqlTemplate group, bool isBatch) => (_groups, _group, _isBatch) = (groups, group, isBatch);

    public string FailureName => "CloudWatchLogsAction";

    public static CloudWatchLogsAction Create(ActionParameters parameters, LogGroups groups) => new(groups, parameters.Template("logGroupName"), parameters.Boolean("batchMode"));

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var group = firing.Render(_group, "logGroupName");
        if (!LogGroups.IsValidName(group))
            return new(group, $"{group} is no name of a log group", "InvalidName", IsRecoverable: false);
        if (firing.Denied("logs:PutLogEvents", "logs", $"log-group:{group}") is { } denied)
            return denied;
        var events = _isBatch ? Batch(firing.Payload) : [new LogEvent(DateTimeOffset.FromUnixTimeMilliseconds(firing.StoredAt), firing.IsJson ? Encoding.UTF8.GetString(firing.Payload.Span) : Convert.ToBase64String(firing.Payload.Span))];
        if (events is null)
            return new(group, "batchMode takes a list of objects with timestamp (ms) and message", "InvalidPayload", IsRecoverable: false);
        await _groups.WriteAsync(group, events);
        return null;
    }

    private static List<LogEvent>? Batch(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Array ? null :
            [
                .. document.RootElement.EnumerateArray().Select(static item => new LogEvent(
                    DateTimeOffset.FromUnixTimeMilliseconds(item.GetProperty("timestamp").GetInt64()),
                    item.GetProperty("message") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : item.GetProperty("message").GetRawText())),
            ];
        }
        catch (Exception ex) when (ex is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
