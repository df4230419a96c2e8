namespace EdgeGateway.Rules.Actions;

/// <summary>Tables as AWS's JSON names them, and what their errors are to an action.</summary>
internal static class TableNames
{
    /// <summary>A name, or an ARN by its last part.</summary>
    public static string OfText(string text) => text.StartsWith("arn:", StringComparison.Ordinal) ? text[(text.LastIndexOf('/') + 1)..] : text;

    public static RuleActionFailure Failure(string table, RuleError error) => error.Kind == RuleErrorKind.NotFound
        ? new(table, $"there is no table {table}; make it first, with its key columns", "TableNotFound", IsRecoverable: false)
        : new(table, error.Message, "InvalidRow", IsRecoverable: false);
}
