using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Identity.Provisioning;

namespace EdgeGateway.Api.Aws.Bulk;

/// <summary>
/// Carries out bulk registrations, one after the other, a line at a time. How far it came is kept with each line, so that a task goes on
/// after a restart; a line whose end was not kept is done again.
/// </summary>
internal sealed partial class RegistrationRunner(AwsRecords records, RegistrationFiles files, ThingRegistration registration, ILogger<RegistrationRunner> logger) : BackgroundService
{
    // Ids of tasks; one at a time may be started (Start refuses more), so it never grows.
    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>(new() { SingleReader = true });

    public void Enqueue(string taskId) => _waiting.Writer.TryWrite(taskId);

    public RegistrationTask? Find(string taskId) => records.Find(RegistrationTask.Kind, taskId) is { } record ? new(record) : null;

    public IReadOnlyList<RegistrationTask> All => [.. records.List(RegistrationTask.Kind).Select(static record => new RegistrationTask(record))];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var task in All.Where(static task => task.Status is "InProgress" or "Cancelling").OrderBy(static task => task.Created))
            Enqueue(task.Id);
        await foreach (var id in _waiting.Reader.ReadAllAsync(stoppingToken))
            await RunAsync(id, stoppingToken);
    }

    private async Task RunAsync(string id, CancellationToken stoppingToken)
    {
        try
        {
            var task = Find(id)!;
            var lines = await File.ReadAllLinesAsync(files.Input(task.Bucket, task.Key), stoppingToken);
            for (var done = task.Succeeded + task.Failed; done < lines.Length; done++)
            {
                if (Find(id) is { Status: "Cancelling" })
                {
                    await EndAsync(id, "Cancelled", message: null);
                    return;
                }
                await LineAsync(task, lines[done], done + 1, lines.Length, stoppingToken);
            }
            await EndAsync(id, "Completed", message: null);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or AwsException)
        {
            LogFailed(ex, id);
            await EndAsync(id, "Failed", ex.Message);
        }
    }

    private async Task LineAsync(RegistrationTask task, string line, long number, long lines, CancellationToken cancellationToken)
    {
        var (isDone, report) = await RegisterAsync(task, line, cancellationToken);
        report["lineNumber"] = number;
        await File.AppendAllTextAsync(files.Report(task.Id, isDone ? "RESULTS" : "ERRORS"), report.ToJsonString() + "\n", cancellationToken);
        await records.ChangeAsync(RegistrationTask.Kind, task.Id, document =>
        {
            var member = isDone ? "succeeded" : "failed";
            document[member] = document[member]!.GetValue<long>() + 1;
            document["percent"] = (int)(number * 100 / lines);
        });
    }

    private async Task<(bool IsDone, JsonObject Report)> RegisterAsync(RegistrationTask task, string line, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var parameters = document.RootElement.EnumerateObject().ToDictionary(
                static member => member.Name,
                static member => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText(), StringComparer.Ordinal);
            var (pem, resources) = await registration.RegisterAsync(task.TemplateBody, parameters, task.Actor, cancellationToken);
            var arns = new JsonObject();
            foreach (var (name, arn) in resources)
                arns[name] = arn;
            return (true, new JsonObject { ["response"] = new JsonObject { ["certificatePem"] = pem, ["resourceArns"] = arns } });
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or IdentityException or TemplateException or MalformedPolicyException)
        {
            return (false, new JsonObject { ["errorCode"] = (ex as IdentityException)?.Error.Code ?? "InvalidRequestException", ["errorMessage"] = ex.Message });
        }
    }

    private Task EndAsync(string id, string status, string? message) => records.ChangeAsync(RegistrationTask.Kind, id, document =>
    {
        document["status"] = status;
        if (message is not null)
            document["message"] = message;
    });

    [LoggerMessage(9403, LogLevel.Warning, "Bulk registration {TaskId} failed")]
    private partial void LogFailed(Exception exception, string taskId);
}
