using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>`edgegateway sql`: one statement against one message, without a gateway and without side effects.</summary>
internal static class SqlConsole
{
    /// <param name="version">As `awsIotSqlVersion`.</param>
    /// <param name="error">Why the statement is refused; null where it is evaluated, or asks tables, shadows and the like.</param>
    /// <returns>Null where it was not evaluated.</returns>
    public static RuleTrialResult? Run(string sql, string version, RuleTrialMessage message, out string? error, out IReadOnlyList<string> warnings, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        (error, warnings) = (null, []);
        if (!SqlVersions.TryParse(version, out var parsedVersion))
        {
            error = $"the version is {version}, expected {SqlVersions.Names}";
            return null;
        }
        var parsed = SqlStatement.Parse(sql, parsedVersion);
        if (!parsed.Succeeded)
        {
            error = parsed.Error.ToString();
            return null;
        }
        warnings = [.. SqlLint.Of(parsed.Statement).Select(static finding => finding.ToString())];
        // A person waits, so the time limit of a busy broker does not apply; the budget of steps does.
        var context = new SqlContext { Time = time, Limits = SqlLimits.Default with { MaxTime = TimeSpan.FromSeconds(5) }, Lookups = NoLookups.Instance };
        return parsed.Statement.IsStateful
            ? StatefulTrial.Run(parsed.Statement, new SqlRunOptions(), [], [message], context, time) is var results && results[^1].Matched ? results[^1] : results[0]
            : RuleTrials.Run(parsed.Statement, [], message, context, time);
    }

    /// <summary>Whether a statement that parses asks what only a gateway knows.</summary>
    public static bool AsksGateway(string sql, string version) =>
        SqlVersions.TryParse(version, out var parsedVersion) && SqlStatement.Parse(sql, parsedVersion).Statement is { UsesLookups: true };
}
