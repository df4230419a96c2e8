using EdgeGateway.Messaging;
using EdgeGateway.Rules.Alarms;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`cloudwatchAlarm` (docs/rules.md): sets the state of a local alarm.</summary>
internal sealed class CloudWatchAlarmAction : IRuleAction
{
    private readonly AlarmStore _alarms;
    private readonly SqlTemplate _name;
    private readonly SqlTemplate _reason;
    private readonly SqlTemplate _state;

    private CloudWatchAlarmAction(AlarmStore alarms, SqlTemplate name, SqlTemplate reason, SqlTemplate state) => (_alarms, _name, _reason, _state) = (alarms, name, reason, state);

    public string FailureName => "CloudWatchAlarmAction";

    public static CloudWatchAlarmAction Create(ActionParameters parameters, AlarmStore alarms)
    {
        var state = parameters.Template("stateValue");
        if (state.Literal is { } literal && !IsState(literal))
            throw parameters.Invalid("stateValue", $"is {literal}, expected OK, ALARM or INSUFFICIENT_DATA");
        return new(alarms, parameters.Template("alarmName"), parameters.Template("stateReason"), state);
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var (name, state) = (firing.Render(_name, "alarmName"), firing.Render(_state, "stateValue"));
        if (!Topics.IsValidName(name) || name.Length > 255 || name.Contains('/', StringComparison.Ordinal))
            return new(name, $"{name} is no name of an alarm", "InvalidName", IsRecoverable: false);
        if (!IsState(state))
            return new(name, $"stateValue is {state}, expected OK, ALARM or INSUFFICIENT_DATA", "InvalidState", IsRecoverable: false);
        if (firing.Denied("cloudwatch:SetAlarmState", "cloudwatch", $"alarm:{name}") is { } denied)
            return denied;
        await _alarms.SetAsync(name, state, firing.Render(_reason, "stateReason"), firing.Origin);
        return null;
    }

    private static bool IsState(string state) => state is "OK" or "ALARM" or "INSUFFICIENT_DATA";
}
