using EdgeGateway.Configuration;

namespace EdgeGateway.Jobs;

/// <summary>A recurring time in which things are told of a job.</summary>
/// <param name="StartTime">As AWS writes it: <c>cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR)</c>, in UTC.</param>
/// <param name="Minutes">1 to 1430.</param>
public sealed record JobWindow(string StartTime, int Minutes)
{
    private readonly CronSchedule? _schedule = Parse(StartTime);

    public bool Equals(JobWindow? other) => other is not null && StartTime == other.StartTime && Minutes == other.Minutes;

    public override int GetHashCode() => HashCode.Combine(StartTime, Minutes);

    internal bool IsValid => _schedule is not null;

    /// <summary>When it opens that is open at <paramref name="time"/> or opens next; null: never.</summary>
    internal DateTimeOffset? Opening(DateTimeOffset time) => _schedule?.After(time - TimeSpan.FromMinutes(Minutes), TimeZoneInfo.Utc);

    private static CronSchedule? Parse(string text)
    {
        if (!text.StartsWith("cron(", StringComparison.Ordinal) || !text.EndsWith(')'))
            return null;
        var fields = text[5..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 6 && fields[5] == "*")
            fields = fields[..5];
        if (fields.Length != 5)
            return null;
        if (int.TryParse(fields[4], out var day)) // AWS counts from Sunday, 1
            fields[4] = $"{day - 1}";
        return CronSchedule.Parse(string.Join(' ', fields), out _);
    }
}
