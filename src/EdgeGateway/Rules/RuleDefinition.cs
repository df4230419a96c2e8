namespace EdgeGateway.Rules;

/// <summary>What a rule is made of, as AWS's TopicRulePayload has it. Actions stay the JSON they came as.</summary>
public sealed record RuleDefinition(string Sql)
{
    /// <summary>Null where the property was absent, which means 2015-10-08.</summary>
    public string? AwsIotSqlVersion { get; init; }

    public string? Description { get; init; }

    public bool RuleDisabled { get; init; }

    /// <summary>Each an object with one key, the action's name (AWS guide: Rule actions).</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    public string? ErrorAction { get; init; }

    /// <summary>Of `edge-1` rules: where a message has its time, as JSON; null: when it arrived (docs/rules.md).</summary>
    public string? EventTime { get; init; }

    /// <summary>Of `edge-1` rules: when it is at work, as JSON; null: always (docs/rules.md).</summary>
    public string? Schedule { get; init; }

    /// <summary>Of `edge-1` rules with a time window: a window without messages gives a result too.</summary>
    public bool EmitEmpty { get; init; }

    /// <summary>Of `edge-1` rules with event time: what is done with a message that came after its window had closed; null: it is counted.</summary>
    public string? LateAction { get; init; }
}
