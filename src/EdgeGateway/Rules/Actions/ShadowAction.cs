using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// `shadow`: updates a shadow with the outgoing object, by default its desired part. Parameters `thingName` T,
/// `shadowName` T (none: the classic shadow), `part` `desired` or `reported`.
/// </summary>
internal sealed class ShadowAction : IRuleAction
{
    private readonly IMessageBus _bus;
    private readonly RulesOptions _options;
    private readonly SqlTemplate _thing;
    private readonly SqlTemplate? _shadow;
    private readonly string _part;

    private ShadowAction(IMessageBus bus, RulesOptions options, SqlTemplate thing, SqlTemplate? shadow, string part) =>
        (_bus, _options, _thing, _shadow, _part) = (bus, options, thing, shadow, part);

    public string FailureName => "ShadowAction";

    public static ShadowAction Create(ActionParameters parameters, IMessageBus bus, RulesOptions options)
    {
        var part = parameters.Text("part") ?? "desired";
        if (part is not ("desired" or "reported"))
            throw parameters.Invalid("part", $"is {part}, expected desired or reported");
        return new(bus, options, parameters.Template("thingName"), parameters.OptionalTemplate("shadowName"), part);
    }

    public ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken) =>
        ShadowUpdates.PublishAsync(
            _bus,
            firing,
            firing.Render(_thing, "thingName"),
            _shadow is null ? null : firing.Render(_shadow, "shadowName"),
            _part,
            firing.Payload,
            _options,
            cancellationToken);
}
