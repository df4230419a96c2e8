using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGateway.Jobs;

/// <summary>Bodies of what devices get over MQTT (AWS guide: Jobs device API). Times come in milliseconds and leave in whole seconds.</summary>
internal static class JobMessages
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Object(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An answer, with the token that came with the request.</summary>
    public static byte[] Answer(long now, string? clientToken, Action<Utf8JsonWriter> writeMembers) => Object(json =>
    {
        if (clientToken is not null)
            json.WriteString("clientToken"u8, clientToken);
        json.WriteNumber("timestamp"u8, now / 1000);
        writeMembers(json);
    });

    public static byte[] Notify(IReadOnlyList<JobExecution> pending, long now) => Object(json =>
    {
        json.WriteNumber("timestamp"u8, now / 1000);
        json.WriteStartObject("jobs"u8);
        WriteSummaries(json, "IN_PROGRESS", pending.Where(static execution => execution.Status == ExecutionStatus.InProgress));
        WriteSummaries(json, "QUEUED", pending.Where(static execution => execution.Status == ExecutionStatus.Queued));
        json.WriteEndObject();
    });

    /// <param name="next">Null: none is left, and none is printed.</param>
    public static byte[] NotifyNext((JobExecution Execution, Job Job)? next, long now) => Object(json =>
    {
        json.WriteNumber("timestamp"u8, now / 1000);
        if (next is var (execution, job))
            WriteExecution(json, execution, job, now, asJson: true);
    });

    /// <param name="document">The job; null leaves its document out.</param>
    /// <param name="asJson">The document as a JSON value, as over MQTT; else as text.</param>
    public static void WriteExecution(Utf8JsonWriter json, JobExecution execution, Job? document, long now, bool asJson)
    {
        json.WriteStartObject("execution"u8);
        json.WriteString("jobId"u8, execution.JobId);
        json.WriteString("thingName"u8, execution.Thing);
        WriteState(json, execution);
        json.WriteNumber("queuedAt"u8, execution.QueuedAt / 1000);
        if (execution.StartedAt is { } started)
            json.WriteNumber("startedAt"u8, started / 1000);
        json.WriteNumber("lastUpdatedAt"u8, execution.UpdatedAt / 1000);
        if (execution.NextDeadline is { } deadline)
            json.WriteNumber("approximateSecondsBeforeTimedOut"u8, Math.Max(0, (deadline - now) / 1000));
        json.WriteNumber("executionNumber"u8, execution.Number);
        WriteDocument(json, document, asJson);
        json.WriteEndObject();
    }

    public static void WriteState(Utf8JsonWriter json, JobExecution execution)
    {
        json.WriteString("status"u8, execution.Status.ToWire());
        if (execution.Details.Count > 0)
        {
            json.WriteStartObject("statusDetails"u8);
            foreach (var (name, value) in execution.Details)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        json.WriteNumber("versionNumber"u8, execution.Version);
    }

    public static void WriteExecutionState(Utf8JsonWriter json, JobExecution execution)
    {
        json.WriteStartObject("executionState"u8);
        WriteState(json, execution);
        json.WriteEndObject();
    }

    public static void WriteDocument(Utf8JsonWriter json, Job? job, bool asJson)
    {
        if (job is null)
            return;
        if (!asJson)
        {
            json.WriteString("jobDocument"u8, job.Settings.DocumentForDevices);
            return;
        }
        json.WritePropertyName("jobDocument"u8);
        json.WriteRawValue(job.Settings.DocumentForDevices);
    }

    public static void WriteSummaries(Utf8JsonWriter json, string name, IEnumerable<JobExecution> executions, bool evenIfEmpty = false)
    {
        var list = executions.ToList();
        if (list.Count == 0 && !evenIfEmpty)
            return;
        json.WriteStartArray(name);
        foreach (var execution in list)
        {
            json.WriteStartObject();
            json.WriteString("jobId"u8, execution.JobId);
            json.WriteNumber("queuedAt"u8, execution.QueuedAt / 1000);
            if (execution.StartedAt is { } started)
                json.WriteNumber("startedAt"u8, started / 1000);
            json.WriteNumber("lastUpdatedAt"u8, execution.UpdatedAt / 1000);
            json.WriteNumber("executionNumber"u8, execution.Number);
            json.WriteNumber("versionNumber"u8, execution.Version);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
