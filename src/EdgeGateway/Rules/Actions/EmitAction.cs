using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// `emit`, of the gateway: `{"stream":NAME}` hands the outgoing payload to the rules with `FROM STREAM 'NAME'`, past the broker. They see the
/// topic and client of the message that this rule fired for.
/// </summary>
internal sealed class EmitAction : IRuleAction
{
    private readonly RuleStreams _streams;
    private readonly RulesOptions _options;

    private EmitAction(RuleStreams streams, RulesOptions options, string stream) => (_streams, _options, Stream) = (streams, options, stream);

    public string FailureName => "EmitAction";

    public string Stream { get; }

    public static EmitAction Create(ActionParameters parameters, RuleStreams streams, RulesOptions options)
    {
        var stream = parameters.Text("stream") ?? throw parameters.Invalid("stream", "is required");
        return SqlSource.IsName(stream) ? new(streams, options, stream) : throw parameters.Invalid("stream", $"is {stream}, expected 1 to 128 letters, digits and _");
    }

    public ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        if (firing.Denied("edge:Emit", "edge", $"stream/{Stream}") is { } denied)
            return new(denied);
        if (firing.Origin.Hops > _options.MaxHops)
            return new(new RuleActionFailure(Stream, $"the message has been through {firing.Hops} rules and is dropped: do the rules feed each other?", "RepublishLoop", IsRecoverable: false));
        var message = new SqlMessage { Topic = firing.Message.Topic, Payload = firing.Payload, Timestamp = firing.Message.Timestamp, ClientId = firing.Message.ClientId, Principal = firing.Message.Principal, TraceId = firing.Message.TraceId };
        _streams.Emit(Stream, RoutedMessage.Of(message, firing.Origin));
        return default;
    }
}
