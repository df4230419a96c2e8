namespace EdgeGateway.Rules;

/// <param name="Message">Words for the person who asked; of SQL with line and column.</param>
public sealed record RuleError(RuleErrorKind Kind, string Message);
