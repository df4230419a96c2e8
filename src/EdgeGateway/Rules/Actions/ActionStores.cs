using EdgeGateway.Rules.Alarms;
using EdgeGateway.Rules.Logs;
using EdgeGateway.Rules.Notify;
using EdgeGateway.Rules.Objects;
using EdgeGateway.Rules.Queues;
using EdgeGateway.Rules.Series;
using EdgeGateway.Rules.Streams;
using EdgeGateway.Rules.Tables;

namespace EdgeGateway.Rules.Actions;

/// <summary>Where actions keep things on this machine.</summary>
internal sealed record ActionStores(
    ITables Tables, ObjectFiles Objects, QueueStore Queues, StreamStore Streams, SeriesStore Series, RuleMetrics Metrics, AlarmStore Alarms, LogGroups Logs, NotifyStore Notifications);
