namespace EdgeGateway.Rules.Sql;

/// <summary>Why an evaluation was given up: no actions run, the error action does.</summary>
/// <param name="Function">The function that failed, else `sql`; `failedAction` of the error document.</param>
/// <param name="IsLimit">A budget was used up; `get_or_default` does not mend that.</param>
internal sealed record SqlFailure(string Function, string Message, bool IsLimit);
