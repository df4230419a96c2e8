using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.Streams;

namespace EdgeGateway.Rules.Actions;

/// <summary>`kinesis` (docs/rules.md): the payload as a record of a local stream, to be replayed.</summary>
internal sealed class KinesisAction : IRuleAction
{
    private readonly StreamStore _streams;
    private readonly SqlTemplate _stream;
    private readonly SqlTemplate? _key;

    private KinesisAction(StreamStore streams, SqlTemplate stream, SqlTemplate? key) => (_streams, _stream, _key) = (streams, stream, key);

    public string FailureName => "KinesisAction";

    public static KinesisAction Create(ActionParameters parameters, StreamStore streams) => new(streams, parameters.Template("streamName"), parameters.OptionalTemplate("partitionKey"));

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var name = firing.Render(_stream, "streamName");
        var key = _key is null ? firing.Message.Topic : firing.Render(_key, "partitionKey");
        return firing.Denied("kinesis:PutRecord", "kinesis", $"stream/{name}") ?? await _streams.AppendAsync(name, key, firing.Payload);
    }
}
