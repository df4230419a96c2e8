using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;

namespace EdgeGateway.Jobs;

/// <summary>Messages about jobs: to devices, and on <c>$aws/events/job/…</c> and <c>$aws/events/jobExecution/…</c> where the category is switched on.</summary>
internal sealed class JobEvents(IEventConfigurations configurations, GatewayOptions gateway)
{
    private static readonly MessageOrigin Origin = new("jobs");

    public ApplicationMessage To(string topic, byte[] payload) => new(topic, payload) { Origin = Origin };

    public void Add(List<ApplicationMessage> messages, JobExecution execution, long now) => AddExecution(messages, execution, execution.Status.ToWire().ToLowerInvariant(), now);

    public void AddDeleted(List<ApplicationMessage> messages, JobExecution execution, long now) => AddExecution(messages, execution, "deleted", now);

    /// <param name="what"><c>completed</c>, <c>canceled</c> or <c>deleted</c>.</param>
    public void Add(List<ApplicationMessage> messages, Job job, string what, IReadOnlyDictionary<ExecutionStatus, long> counts, long now)
    {
        if (!configurations.IsEnabled("JOB"))
            return;
        messages.Add(To($"$aws/events/job/{job.Id}/{what}", JobMessages.Object(json =>
        {
            Head(json, "JOB", what, now);
            json.WriteString("jobId"u8, job.Id);
            json.WriteString("status"u8, what == "deleted" ? "DELETED" : job.Status.ToWire());
            json.WriteString("targetSelection"u8, job.IsContinuous ? "CONTINUOUS" : "SNAPSHOT");
            json.WriteStartArray("targets"u8);
            foreach (var target in job.Targets)
                json.WriteStringValue(target);
            json.WriteEndArray();
            if (job.Settings.Description is { } description)
                json.WriteString("description"u8, description);
            if (job.CompletedAt is { } completed)
                json.WriteNumber("completedAt"u8, completed / 1000);
            json.WriteNumber("createdAt"u8, job.CreatedAt / 1000);
            json.WriteNumber("lastUpdatedAt"u8, job.UpdatedAt / 1000);
            json.WriteStartObject("jobProcessDetails"u8);
            WriteCounts(json, counts);
            json.WriteEndObject();
        })));
    }

    public static void WriteCounts(Utf8JsonWriter json, IReadOnlyDictionary<ExecutionStatus, long> counts)
    {
        foreach (var (name, status) in new[]
                 {
                     ("numberOfCanceledThings", ExecutionStatus.Canceled), ("numberOfSucceededThings", ExecutionStatus.Succeeded), ("numberOfFailedThings", ExecutionStatus.Failed),
                     ("numberOfRejectedThings", ExecutionStatus.Rejected), ("numberOfQueuedThings", ExecutionStatus.Queued), ("numberOfInProgressThings", ExecutionStatus.InProgress),
                     ("numberOfRemovedThings", ExecutionStatus.Removed), ("numberOfTimedOutThings", ExecutionStatus.TimedOut),
                 })
            json.WriteNumber(name, counts.GetValueOrDefault(status));
    }

    private void AddExecution(List<ApplicationMessage> messages, JobExecution execution, string what, long now)
    {
        if (!configurations.IsEnabled("JOB_EXECUTION"))
            return;
        messages.Add(To($"$aws/events/jobExecution/{execution.JobId}/{what}", JobMessages.Object(json =>
        {
            Head(json, "JOB_EXECUTION", what, now);
            json.WriteString("jobId"u8, execution.JobId);
            json.WriteString("thingArn"u8, gateway.Arn($"thing/{execution.Thing}"));
            json.WriteString("status"u8, what == "deleted" ? "DELETED" : execution.Status.ToWire());
            json.WriteStartObject("statusDetails"u8);
            foreach (var (name, value) in execution.Details)
                json.WriteString(name, value);
            json.WriteEndObject();
        })));
    }

    private static void Head(Utf8JsonWriter json, string type, string operation, long now)
    {
        json.WriteString("eventType"u8, type);
        json.WriteString("eventId"u8, Guid.NewGuid().ToString());
        json.WriteNumber("timestamp"u8, now / 1000);
        json.WriteString("operation"u8, operation);
    }
}
