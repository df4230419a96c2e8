using System.Text;
using System.Text.Json;

namespace EdgeGateway.Jobs;

/// <summary>What a job, a template and a device's words may be.</summary>
internal static class JobRules
{
    public const int MaxDocumentBytes = 32 * 1024, MaxDetails = 10, MaxTargets = 100, MaxTimeout = 10_080, MaxDescription = 2028;

    public static void Id(string name, string id)
    {
        if (id.Length is < 1 or > 64 || id.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')))
            throw JobException.Invalid($"{name} is '{id}', expected 1 to 64 of letters, digits, '_' and '-'");
    }

    public static void Check(JobSettings settings)
    {
        var bytes = Encoding.UTF8.GetByteCount(settings.Document);
        if (bytes > MaxDocumentBytes)
            throw JobException.Invalid($"document has {bytes} bytes, allowed are at most {MaxDocumentBytes}");
        if (settings.Document.Contains("${aws:iot:s3-presigned-url", StringComparison.Ordinal))
            throw JobException.Invalid("document asks for a presigned URL of S3, which this gateway has not: give a URL that devices can read");
        CheckJson(settings.Document, "document");
        CheckJson(settings.DocumentForDevices, "document, with its parameters");
        if (settings.Description is { Length: > MaxDescription })
            throw JobException.Invalid($"description has {settings.Description.Length} characters, allowed are at most {MaxDescription}");
        Within("timeoutConfig.inProgressTimeoutInMinutes", settings.TimeoutMinutes, 1, MaxTimeout);
        if (settings.Rollout is { } rollout)
            Check(rollout);
        foreach (var abort in settings.Aborts)
        {
            OneOf("abortConfig.criteriaList.failureType", abort.FailureType, "FAILED", "REJECTED", "TIMED_OUT", "ALL");
            if (abort.Percentage is not (> 0 and <= 100))
                throw JobException.Invalid($"abortConfig.criteriaList.thresholdPercentage is {abort.Percentage}, expected more than 0 and at most 100");
            Within("abortConfig.criteriaList.minNumberOfExecutedThings", abort.AtLeast, 1, int.MaxValue);
        }
        foreach (var retry in settings.Retries)
        {
            OneOf("jobExecutionsRetryConfig.criteriaList.failureType", retry.FailureType, "FAILED", "TIMED_OUT", "ALL");
            Within("jobExecutionsRetryConfig.criteriaList.numberOfRetries", retry.Retries, 0, 10);
        }
    }

    public static void Check(JobSchedule schedule, bool isContinuous, long now)
    {
        if (schedule.StartAt is { } start && start < now)
            throw JobException.Invalid("schedulingConfig.startTime is past");
        if (schedule.EndAt is { } end && end <= Math.Max(now, schedule.StartAt ?? now))
            throw JobException.Invalid("schedulingConfig.endTime is not behind the start");
        if (schedule.EndAt is null != schedule.EndBehavior is null)
            throw JobException.Invalid("schedulingConfig.endTime and endBehavior belong together");
        if (schedule.EndBehavior is { } behavior)
            OneOf("schedulingConfig.endBehavior", behavior, "STOP_ROLLOUT", "CANCEL", "FORCE_CANCEL");
        Check(schedule.Windows);
        if (schedule.Windows.Count > 0 && !isContinuous)
            throw JobException.Invalid("schedulingConfig.maintenanceWindows are for continuous jobs");
    }

    public static void Check(IReadOnlyList<JobWindow> windows)
    {
        foreach (var window in windows)
        {
            if (!window.IsValid)
                throw JobException.Invalid($"maintenanceWindows.startTime is '{window.StartTime}', expected cron(MINUTE HOUR DAY MONTH WEEKDAY *)");
            Within("maintenanceWindows.durationInMinutes", window.Minutes, 1, 1430);
        }
    }

    public static void Details(IReadOnlyDictionary<string, string>? details, int atMost = 500)
    {
        if (details is null)
            return;
        if (details.Count > atMost)
            throw JobException.Invalid($"statusDetails has {details.Count} members, allowed are at most {atMost}");
        if (details.FirstOrDefault(static pair => pair.Key.Length is 0 or > 128 || pair.Value.Length > 1024) is { Key: not null } wrong)
            throw JobException.Invalid($"statusDetails.{wrong.Key}: names have 1 to 128 characters, values at most 1024");
    }

    public static void StepTimeout(long? minutes)
    {
        if (minutes is { } given && given != -1 && given is < 1 or > MaxTimeout)
            throw JobException.Invalid($"stepTimeoutInMinutes is {minutes}, expected 1 to {MaxTimeout}, or -1 to clear it");
    }

    private static void Check(JobRollout rollout)
    {
        Within("jobExecutionsRolloutConfig.maximumPerMinute", rollout.MaximumPerMinute, 1, 1000);
        if (rollout.Exponential is not { } rate)
            return;
        Within("jobExecutionsRolloutConfig.exponentialRate.baseRatePerMinute", rate.BasePerMinute, 1, 1000);
        if (rate.Factor is < 1.1 or > 5)
            throw JobException.Invalid($"jobExecutionsRolloutConfig.exponentialRate.incrementFactor is {rate.Factor}, expected 1.1 to 5");
        if (rate.Notified is null == rate.Succeeded is null)
            throw JobException.Invalid("jobExecutionsRolloutConfig.exponentialRate.rateIncreaseCriteria is numberOfNotifiedThings or numberOfSucceededThings");
        Within("jobExecutionsRolloutConfig.exponentialRate.rateIncreaseCriteria", rate.Notified ?? rate.Succeeded, 1, int.MaxValue);
    }

    private static void CheckJson(string text, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw JobException.Invalid($"{what} is not a JSON object");
        }
        catch (JsonException ex)
        {
            throw JobException.Invalid($"{what} is not JSON: line {ex.LineNumber + 1}, byte {ex.BytePositionInLine + 1}");
        }
    }

    private static void Within(string name, int? value, int least, int most)
    {
        if (value < least || value > most)
            throw JobException.Invalid($"{name} is {value}, expected {least} to {most}");
    }

    private static void OneOf(string name, string value, params ReadOnlySpan<string> allowed)
    {
        if (!allowed.Contains(value))
            throw JobException.Invalid($"{name} is '{value}', expected {string.Join(", ", allowed.ToArray())}");
    }
}
