namespace EdgeGateway.Rules.Sql;

/// <summary>An expression whose value is worked out beforehand, from more than one message, and put in its slot of the evaluation.</summary>
internal abstract class BoundExpression : SqlExpression
{
    /// <summary>Index among the statement's bound expressions, in the order they are written.</summary>
    public required int Slot { get; init; }

    public override SqlValue Evaluate(SqlEvaluation evaluation) => evaluation.Slots is { } slots && Slot < slots.Length ? slots[Slot] : default;
}
