using System.Globalization;
using System.Text.Json;
using EdgeGateway.Jobs;

namespace EdgeGateway.Api.Aws;

/// <summary>Jobs and templates in AWS's words, both ways.</summary>
internal static class JobParts
{
    /// <param name="document">Of the request or the template.</param>
    /// <param name="from">What the request does not say; null: nothing.</param>
    public static JobSettings Settings(AwsObject body, string document, string? source, JobSettings? from)
    {
        var settings = (from ?? new JobSettings { Document = document }) with
        {
            Document = document, DocumentSource = source, Description = body.String("description") ?? from?.Description,
            Parameters = body.Map("documentParameters") ?? from?.Parameters ?? new Dictionary<string, string>(),
            PackageVersions = body.Strings("destinationPackageVersions") ?? from?.PackageVersions ?? [],
        };
        return Change(body, settings);
    }

    /// <summary>The parts that an update may change; absent ones stay.</summary>
    public static JobSettings Change(AwsObject body, JobSettings settings) => settings with
    {
        Description = body.String("description") ?? settings.Description,
        Rollout = body.Object("jobExecutionsRolloutConfig") is { } rollout ? Rollout(rollout) : settings.Rollout,
        Aborts = body.Object("abortConfig") is { } abort ? Aborts(abort) : settings.Aborts,
        Retries = body.Object("jobExecutionsRetryConfig") is { } retry ? Retries(retry) : settings.Retries,
        TimeoutMinutes = body.Object("timeoutConfig") is { } timeout ? Whole(timeout, "inProgressTimeoutInMinutes") : settings.TimeoutMinutes,
    };

    public static JobSchedule Schedule(AwsObject body, IReadOnlyList<JobWindow> windows)
    {
        if (body.Object("schedulingConfig") is not { } scheduling)
            return JobSchedule.Always with { Windows = windows };
        return new(Time(scheduling, "startTime"), Time(scheduling, "endTime"), scheduling.String("endBehavior"), Windows(scheduling) ?? windows);
    }

    public static IReadOnlyList<JobWindow>? Windows(AwsObject part) => part.Objects("maintenanceWindows") is { } windows
        ? [.. windows.Select(static window => new JobWindow(window.Required("startTime"), Whole(window, "durationInMinutes") ?? throw AwsException.Missing("maintenanceWindows.durationInMinutes")))]
        : null;

    /// <summary>The members that jobs and templates have in common.</summary>
    public static void Write(Utf8JsonWriter writer, JobSettings settings)
    {
        writer.WriteOptional("description", settings.Description);
        if (settings.Rollout is { } rollout)
            writer.WriteObject("jobExecutionsRolloutConfig", config =>
            {
                config.WriteNumber("maximumPerMinute"u8, rollout.MaximumPerMinute);
                if (rollout.Exponential is { } rate)
                    config.WriteObject("exponentialRate", exponential =>
                    {
                        exponential.WriteNumber("baseRatePerMinute"u8, rate.BasePerMinute);
                        exponential.WriteNumber("incrementFactor"u8, rate.Factor);
                        exponential.WriteObject("rateIncreaseCriteria", criteria =>
                        {
                            criteria.WriteOptional("numberOfNotifiedThings", rate.Notified);
                            criteria.WriteOptional("numberOfSucceededThings", rate.Succeeded);
                        });
                    });
            });
        if (settings.Aborts.Count > 0)
            writer.WriteObject("abortConfig", config => config.WriteObjects("criteriaList", settings.Aborts, static (item, abort) =>
            {
                item.WriteString("failureType"u8, abort.FailureType);
                item.WriteString("action"u8, "CANCEL");
                item.WriteNumber("thresholdPercentage"u8, abort.Percentage);
                item.WriteNumber("minNumberOfExecutedThings"u8, abort.AtLeast);
            }));
        if (settings.TimeoutMinutes is { } minutes)
            writer.WriteObject("timeoutConfig", config => config.WriteNumber("inProgressTimeoutInMinutes"u8, minutes));
        if (settings.Retries.Count > 0)
            writer.WriteObject("jobExecutionsRetryConfig", config => config.WriteObjects("criteriaList", settings.Retries, static (item, retry) =>
            {
                item.WriteString("failureType"u8, retry.FailureType);
                item.WriteNumber("numberOfRetries"u8, retry.Retries);
            }));
        if (settings.PackageVersions.Count > 0)
            writer.WriteStrings("destinationPackageVersions", settings.PackageVersions);
    }

    public static void WriteWindows(Utf8JsonWriter writer, IReadOnlyList<JobWindow> windows)
    {
        if (windows.Count > 0)
            writer.WriteObjects("maintenanceWindows", windows, static (item, window) =>
            {
                item.WriteString("startTime"u8, window.StartTime);
                item.WriteNumber("durationInMinutes"u8, window.Minutes);
            });
    }

    public static void WriteSchedule(Utf8JsonWriter writer, JobSchedule schedule)
    {
        if (schedule == JobSchedule.Always)
            return;
        writer.WriteObject("schedulingConfig", config =>
        {
            config.WriteOptional("startTime", Text(schedule.StartAt));
            config.WriteOptional("endTime", Text(schedule.EndAt));
            config.WriteOptional("endBehavior", schedule.EndBehavior);
            WriteWindows(config, schedule.Windows);
        });
    }

    public static int? Whole(AwsObject part, string name) => part.Int64(name) is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;

    private static JobRollout Rollout(AwsObject rollout)
    {
        var rate = rollout.Object("exponentialRate");
        var criteria = rate?.Object("rateIncreaseCriteria");
        return new(Whole(rollout, "maximumPerMinute") ?? 1000, rate is not { } given ? null : new ExponentialRollout(
            Whole(given, "baseRatePerMinute") ?? throw AwsException.Missing("exponentialRate.baseRatePerMinute"), given.Double("incrementFactor") ?? throw AwsException.Missing("exponentialRate.incrementFactor"),
            criteria is { } one ? Whole(one, "numberOfNotifiedThings") : null, criteria is { } other ? Whole(other, "numberOfSucceededThings") : null));
    }

    private static JobAbort[] Aborts(AwsObject abort) => [.. (abort.Objects("criteriaList") ?? throw AwsException.Missing("abortConfig.criteriaList")).Select(static criterion =>
        criterion.Required("action") == "CANCEL"
            ? new JobAbort(
                criterion.Required("failureType"), criterion.Double("thresholdPercentage") ?? throw AwsException.Missing("abortConfig.criteriaList.thresholdPercentage"),
                Whole(criterion, "minNumberOfExecutedThings") ?? throw AwsException.Missing("abortConfig.criteriaList.minNumberOfExecutedThings"))
            : throw AwsException.InvalidRequest($"abortConfig.criteriaList.action is '{criterion.Required("action")}', expected CANCEL"))];

    private static JobRetry[] Retries(AwsObject retry) => [.. (retry.Objects("criteriaList") ?? throw AwsException.Missing("jobExecutionsRetryConfig.criteriaList")).Select(static criterion =>
        new JobRetry(criterion.Required("failureType"), Whole(criterion, "numberOfRetries") ?? throw AwsException.Missing("jobExecutionsRetryConfig.criteriaList.numberOfRetries")))];

    // As AWS writes it: yyyy-MM-ddTHH:mm in UTC, seconds and zone allowed.
    private static long? Time(AwsObject part, string name) => part.String(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.ToUnixTimeMilliseconds()
        : throw AwsException.InvalidRequest($"schedulingConfig.{name} is '{text}', expected a time such as 2026-12-31T23:00");

    private static string? Text(long? time) => time is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
}
