using EdgeGateway.Api.Aws.Audits;
using Xunit;

namespace EdgeGateway.Tests.Api;

public sealed class AuditScheduleTests
{
    [Theory]
    [InlineData("DAILY", null, null, "2026-11-26", null, true)]
    [InlineData("DAILY", null, null, "2026-11-26", "2026-11-26", false)]
    [InlineData("WEEKLY", null, "THU", "2026-11-26", "2026-11-19", true)]
    [InlineData("WEEKLY", null, "FRI", "2026-11-26", null, false)]
    [InlineData("BIWEEKLY", null, "THU", "2026-11-26", "2026-11-19", false)]
    [InlineData("BIWEEKLY", null, "THU", "2026-11-26", "2026-11-12", true)]
    [InlineData("MONTHLY", "26", null, "2026-11-26", null, true)]
    [InlineData("MONTHLY", "31", null, "2026-11-30", null, true)]
    [InlineData("MONTHLY", "31", null, "2026-12-30", null, false)]
    [InlineData("MONTHLY", "LAST", null, "2028-02-29", null, true)]
    [InlineData("MONTHLY", "LAST", null, "2028-02-28", null, false)]
    public void IsDue_OnItsDays(string frequency, string? dayOfMonth, string? dayOfWeek, string day, string? last, bool due) =>
        Assert.Equal(due, AuditRunner.IsDue(frequency, dayOfMonth, dayOfWeek, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), last is null ? null : DateOnly.Parse(last, System.Globalization.CultureInfo.InvariantCulture)));
}
