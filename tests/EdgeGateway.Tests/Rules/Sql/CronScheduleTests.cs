using System.Globalization;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

public sealed class CronScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.CreateCustomTimeZone("berlin", TimeSpan.FromHours(1), "berlin", "berlin", "summer", [
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new DateTime(2000, 1, 1), new DateTime(2100, 12, 31), TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)),
    ]);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-26T10:02:03Z", "2026-11-26T10:05:00Z")]
    [InlineData("*/5 * * * *", "2026-11-26T10:05:00Z", "2026-11-26T10:10:00Z")]
    [InlineData("30 0 6-8/2 * * MON-FRI", "2026-11-27T08:00:30Z", "2026-11-30T06:00:30Z")]
    [InlineData("0 0 0 29 2 ?", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 12 13 * 5", "2026-11-26T10:00:00Z", "2026-11-27T12:00:00Z")] // both days restricted: Friday or the 13th
    [InlineData("0 0 12 ? * 7", "2026-11-26T10:00:00Z", "2026-11-29T12:00:00Z")] // Sunday is 0 and 7
    [InlineData("0 15,45 8 1 JAN,JUL *", "2026-11-26T10:00:00Z", "2027-01-01T08:15:00Z")]
    [InlineData("30s", "2026-11-26T10:02:03Z", "2026-11-26T10:02:30Z")]
    [InlineData("1h", "2026-11-26T10:00:00Z", "2026-11-26T11:00:00Z")]
    public void After_InUtc_IsTheNextMoment(string schedule, string from, string next) =>
        Assert.Equal(Time(next), CronSchedule.Parse(schedule, out _)!.After(Time(from), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 30 2 * * *", "2026-03-28T12:00:00+01:00", "2026-03-30T02:30:00+02:00")] // 02:30 of the 29th does not exist
    [InlineData("0 30 2 * * *", "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+01:00")] // comes twice, counts once
    [InlineData("0 30 2 * * *", "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00")]
    [InlineData("0 0 0 * * *", "2026-11-26T10:00:00Z", "2026-11-27T00:00:00+01:00")] // local midnight
    public void After_WithSummerTime_KeepsToTheWallClock(string schedule, string from, string next) =>
        Assert.Equal(Time(next), CronSchedule.Parse(schedule, out _)!.After(Time(from), Berlin));

    [Theory]
    [InlineData("* * *", "3 fields")]
    [InlineData("61 * * * * *", "second is '61'")]
    [InlineData("0 0 25 * * *", "hour is '25'")]
    [InlineData("0 0 0 30 2 *", "a day that never comes")]
    [InlineData("0 */0 * * * *", "minute is '*/0'")]
    [InlineData("0 5-1 * * * *", "minute is '5-1'")]
    [InlineData("0 0 0 * MOND *", "month is 'MOND'")]
    [InlineData("10", "no interval")]
    [InlineData("1ms", "no interval")]
    [InlineData("999999999999d", "no interval")]
    public void Parse_Wrong_SaysWhat(string schedule, string fault)
    {
        Assert.Null(CronSchedule.Parse(schedule, out var told));
        Assert.Contains(fault, told, StringComparison.Ordinal);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
