namespace EdgeGateway.Rules.Sql;

/// <summary>Functions of time (AWS guide: SQL functions). A bad pattern, zone or text gives Undefined.</summary>
internal static class TimeFunctions
{
    public static readonly SqlFunction[] All =
    [
        new("parse_time", true, 2, 3, ParseTime),
        new("time_to_epoch", true, 2, 2, static (_, a) => a[0].ToStringOrNull() is { } text && a[1].ToStringOrNull() is { } pattern
            && JavaTimePattern.Find(pattern)?.ToEpochMilliseconds(text) is { } milliseconds ? milliseconds : default(SqlValue)),
    ];

    private static SqlValue ParseTime(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments[0].ToStringOrNull() is not { } pattern || !arguments[1].TryNumber(out var number) || !number.Floor().TryToInt64(out var milliseconds))
            return default;
        var zone = ZoneDatabase.Utc;
        if (arguments.Length == 3)
            zone = arguments[2].Kind == SqlKind.String ? ZoneDatabase.Find(arguments[2].AsString) : null;
        return zone is null ? default : JodaFormatter.Format(pattern, milliseconds, zone);
    }
}
