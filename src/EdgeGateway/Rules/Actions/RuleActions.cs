using System.Text.Json;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Alarms;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Rules.Http;
using EdgeGateway.Rules.Logs;
using EdgeGateway.Rules.Notify;
using EdgeGateway.Rules.Objects;
using EdgeGateway.Rules.Queues;
using EdgeGateway.Rules.Roles;
using EdgeGateway.Rules.Series;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.Streams;
using EdgeGateway.Rules.Tables;

namespace EdgeGateway.Rules.Actions;

/// <summary>Makes actions of AWS's JSON: an object with one key, the action's name.</summary>
internal sealed class RuleActions(IMessageBus bus, ActionStores stores, FunctionSender functions, HttpSender http, BusSender topics, EmailSender mail, IRuleRoles roles, Deliveries deliveries, IUpstreamOutbox upstreams, RuleStreams streams, RulesOptions options, TimeProvider time)
{
    public const string Supported =
        "republish, dynamoDB, dynamoDBv2, lambda, http, s3, firehose, sqs, sns, kinesis, timestream, cloudwatchMetric, cloudwatchAlarm, cloudwatchLogs, and of the gateway's own shadow, output, bridge and emit";

    /// <exception cref="ActionSyntaxException">What is wrong with it, or that there is no such action here and what to use.</exception>
    public IRuleAction Create(string path, string json, SqlVersion version)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Count() != 1)
            throw new ActionSyntaxException(RuleErrorKind.InvalidRequest, $"{path} is not an object with one key, the action's name");
        var action = root.EnumerateObject().Single();
        var parameters = new ActionParameters($"{path}.{action.Name}", action.Value, version);
        IRuleAction created = action.Name switch
        {
            "republish" => RepublishAction.Create(parameters, bus, options),
            "dynamoDB" => DynamoDbAction.Create(parameters, stores.Tables),
            "dynamoDBv2" => DynamoDbV2Action.Create(parameters, stores.Tables),
            "lambda" => Sending(LambdaAction.Create(parameters, functions), path, json, parameters),
            "http" => Sending(HttpAction.Create(parameters, http), path, json, parameters, HttpBatchSettings.Read(parameters)),
            "sns" => Sending(SnsAction.Create(parameters, stores.Notifications, http, functions, topics, mail), path, json, parameters),
            "s3" => S3Action.Create(parameters, stores.Objects),
            "firehose" => FirehoseAction.Create(parameters, stores.Objects),
            "sqs" => SqsAction.Create(parameters, stores.Queues),
            "kinesis" => KinesisAction.Create(parameters, stores.Streams),
            "timestream" => TimestreamAction.Create(parameters, stores.Series),
            "cloudwatchMetric" => CloudWatchMetricAction.Create(parameters, stores.Metrics),
            "cloudwatchAlarm" => CloudWatchAlarmAction.Create(parameters, stores.Alarms),
            "cloudwatchLogs" => CloudWatchLogsAction.Create(parameters, stores.Logs),
            "shadow" => ShadowAction.Create(parameters, bus, options),
            "output" => OutputAction.Create(parameters, bus, options),
            "emit" => EmitAction.Create(parameters, streams, options),
            "bridge" => BridgeAction.Create(parameters, upstreams),
            _ => throw new ActionSyntaxException(RuleErrorKind.InvalidRequest, $"{path}: {Refusal(action.Name)}"),
        };
        var shape = ActionShape.Read(parameters, version, time);
        if (created is StoredAction && shape is { SplitsOrGathers: true })
            throw parameters.Invalid("delivery", "of mode store goes message by message: without sendSingle and batch");
        parameters.End();
        return new ActionUnderRole(created, path, parameters.Text("roleArn"), roles, shape);
    }

    // What is stored goes message by message: a batch that is refused would take those with it that would not be.
    private IRuleAction Sending(ISendingAction action, string path, string json, ActionParameters parameters, HttpBatchSettings? batches = null)
    {
        var settings = options.Delivery.Read(parameters.Section("delivery"));
        if (batches is not null && settings.Mode != DeliveryMode.Store)
            return new HttpBatchAction(action, batches, time);
        return settings.Mode == DeliveryMode.Store
            ? new StoredAction(action, path, settings, deliveries, isSealed: json.Contains("get_secret", StringComparison.OrdinalIgnoreCase))
            : new DirectAction(action, isFinal: settings.Mode == DeliveryMode.Fire);
    }

    private static string Refusal(string name) => name switch
    {
        "kafka" => "kafka is not available: its client does not run natively; use bridge to an MQTT upstream, http to a Kafka REST proxy, or kinesis for a local stream",
        "openSearch" or "elasticsearch" => $"{name} is not available; use http to the cluster's address, or cloudwatchLogs for lines that can be searched here",
        "iotEvents" => "iotEvents is not available; a rule of version edge-1 keeps states itself (hysteresis, debounce, STATEWINDOW), and cloudwatchAlarm holds an alarm",
        "stepFunctions" => "stepFunctions is not available; use lambda: a function of your own may go through its steps",
        "iotSiteWise" => "iotSiteWise is not available; use timestream with a dimension for the asset",
        "iotAnalytics" => "iotAnalytics was retired by AWS; use kinesis for a stream or timestream for readings",
        "salesforce" => "salesforce is not available; use http with the token as a header",
        "location" => "location is not available; use timestream for a track, or dynamoDB for the latest position",
        _ => $"there is no action {name}; there are {Supported}",
    };
}
