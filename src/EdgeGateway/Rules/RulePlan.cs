using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>A definition made ready to run; immutable, so a queued message keeps the one it was queued with.</summary>
internal sealed record RulePlan(SqlStatement Statement, IReadOnlyList<IRuleAction> Actions, IRuleAction? ErrorAction)
{
    /// <summary>Whether most messages may end on the publisher's thread.</summary>
    public bool CanPrefilter { get; } = RulePrefilter.Suits(Statement);

    public static bool IsStored(IRuleAction action) => action is ActionUnderRole { Inner: StoredAction };

    /// <summary>Those that store and forward.</summary>
    public IReadOnlyList<StoredAction> Stored { get; } =
        [.. Actions.Concat(ErrorAction is null ? [] : [ErrorAction]).OfType<ActionUnderRole>().Select(static action => action.Inner).OfType<StoredAction>()];

    /// <summary>Whether a publisher is told that its message is safe only when the rule's journal has it.</summary>
    public bool KeepsMessages => Statement.Edge is { KeepsState: true } || Stored.Count > 0;

    /// <summary>For messages that came after their window had closed; null: they are counted.</summary>
    public IRuleAction? LateAction { get; init; }

    /// <summary>When the rule is at work; null: always.</summary>
    public RuleSchedule? Schedule { get; init; }

    /// <summary>How a statement that remembers something is run.</summary>
    public SqlRunOptions Run { get; init; } = new();

    /// <summary>Things worth a second look that are no errors.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
