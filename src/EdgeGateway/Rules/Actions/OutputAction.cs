using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// `output`: switches a wired output through its desired shadow. Parameters `name` T, and `state` T (`on`, `off`) or `level` T
/// (a number); with neither, the outgoing object is the desired state.
/// </summary>
internal sealed class OutputAction : IRuleAction
{
    private readonly IMessageBus _bus;
    private readonly RulesOptions _options;
    private readonly SqlTemplate _name;
    private readonly SqlTemplate? _state;
    private readonly SqlTemplate? _level;

    private OutputAction(IMessageBus bus, RulesOptions options, SqlTemplate name, SqlTemplate? state, SqlTemplate? level) =>
        (_bus, _options, _name, _state, _level) = (bus, options, name, state, level);

    public string FailureName => "OutputAction";

    public static OutputAction Create(ActionParameters parameters, IMessageBus bus, RulesOptions options)
    {
        var (state, level) = (parameters.OptionalTemplate("state"), parameters.OptionalTemplate("level"));
        if (state is not null && level is not null)
            throw parameters.Invalid("state", "and level exclude each other");
        return new(bus, options, parameters.Template("name"), state, level);
    }

    public ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken) =>
        ShadowUpdates.PublishAsync(_bus, firing, firing.Render(_name, "name"), shadow: null, "desired", Desired(firing), _options, cancellationToken);

    private ReadOnlyMemory<byte> Desired(RuleFiring firing)
    {
        if (_state is null && _level is null)
            return firing.Payload;
        var desired = new SqlObject(1);
        if (_state is not null)
        {
            desired.Set("state", firing.Render(_state, "state"));
        }
        else
        {
            var text = firing.Render(_level!, "level");
            desired.Set("level", ((SqlValue)text).TryNumber(out var level)
                ? SqlValue.Decimal(level, SqlVersion.V20160323)
                : throw new RuleTemplateException("level", $"level is {text}, expected a number"));
        }
        return SqlJson.ToUtf8(desired);
    }
}
