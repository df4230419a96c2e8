using System.Globalization;
using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Records;

namespace EdgeGateway.Api.Aws.Audits;

/// <summary>Runs audits, asked for or scheduled (at midnight UTC), and keeps what they found for 90 days.</summary>
internal sealed partial class AuditRunner(AuditChecks checks, AwsRecords records, TimeProvider time, ILogger<AuditRunner> logger) : BackgroundService
{
    public const string TaskKind = "audit-task", ScheduleKind = "audit-schedule";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <returns>Id of the task, which is complete.</returns>
    public async Task<string> RunAsync(IReadOnlyList<string> names, string? schedule)
    {
        var now = time.GetUtcNow();
        foreach (var old in records.List(TaskKind).Where(task => task.Created < (now - Kept).ToUnixTimeMilliseconds()))
            await records.DeleteAsync(TaskKind, old.Name);
        var (details, findings) = (new JsonObject(), new JsonArray());
        foreach (var name in names)
        {
            var (resources, found) = checks.Run(name);
            details[name] = new JsonObject
            {
                ["checkRunStatus"] = found.Count == 0 ? "COMPLETED_COMPLIANT" : "COMPLETED_NON_COMPLIANT", ["checkCompliant"] = found.Count == 0,
                ["totalResourcesCount"] = resources, ["nonCompliantResourcesCount"] = found.Count,
            };
            foreach (var finding in found)
                findings.Add((JsonNode)new JsonObject
                {
                    ["findingId"] = Guid.NewGuid().ToString(), ["checkName"] = finding.Check, ["severity"] = finding.Severity, ["resourceType"] = finding.ResourceType, ["member"] = finding.Resource.Member,
                    ["value"] = finding.Resource.Value, ["reason"] = finding.Reason, ["code"] = finding.Code,
                });
        }
        var id = Guid.NewGuid().ToString("N");
        await records.TryAddAsync(TaskKind, id, new JsonObject { ["type"] = schedule is null ? "ON_DEMAND_AUDIT_TASK" : "SCHEDULED_AUDIT_TASK", ["schedule"] = schedule, ["details"] = details, ["findings"] = findings });
        return id;
    }

    /// <summary>Whether a schedule runs on a day.</summary>
    /// <param name="last">Day of its last run; null: none yet.</param>
    public static bool IsDue(string frequency, string? dayOfMonth, string? dayOfWeek, DateOnly day, DateOnly? last)
    {
        if (last == day)
            return false;
        var weekday = day.DayOfWeek.ToString()[..3].ToUpperInvariant();
        return frequency switch
        {
            "DAILY" => true,
            "WEEKLY" => dayOfWeek == weekday,
            "BIWEEKLY" => dayOfWeek == weekday && (last is not { } before || day.DayNumber - before.DayNumber >= 14),
            _ => dayOfMonth == "LAST" ? day.AddDays(1).Month != day.Month
                : int.Parse(dayOfMonth!, CultureInfo.InvariantCulture) is var wanted && day.Day == Math.Min(wanted, DateTime.DaysInMonth(day.Year, day.Month)),
        };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            await Task.Delay(now.Date.AddDays(1) - now.UtcDateTime, time, stoppingToken);
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            foreach (var schedule in records.List(ScheduleKind))
                await RunAsync(schedule, today);
        }
    }

    private async Task RunAsync(AwsRecord schedule, DateOnly today)
    {
        try
        {
            var last = schedule.Text("last") is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null as DateOnly?;
            if (!IsDue(schedule.Text("frequency")!, schedule.Text("dayOfMonth"), schedule.Text("dayOfWeek"), today, last))
                return;
            await RunAsync([.. schedule.Document["checks"]!.AsArray().Select(static check => check!.GetValue<string>())], schedule.Name);
            await records.ChangeAsync(ScheduleKind, schedule.Name, document => document["last"] = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
#pragma warning disable CA1031 // One schedule that fails costs the others nothing; it is logged.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogFailed(ex, schedule.Name);
        }
    }

    [LoggerMessage(9301, LogLevel.Error, "The scheduled audit {Schedule} failed")]
    private partial void LogFailed(Exception exception, string schedule);
}
