using System.Text.Json;
using System.Threading.Channels;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;

namespace EdgeGateway.Jobs;

/// <summary>Answers devices on <c>$aws/things/THING/jobs/…</c>. A thing's requests are worked off in their order; those of different things share commits.</summary>
internal sealed partial class JobDevices(JobService jobs, JobEvents events, IThingCatalog catalog, IMessageBus bus, TimeProvider time, ILogger<JobDevices> logger) : BackgroundService, IMessageSink
{
    private const int MostWaiting = 2000, MostLookedAt = 1000, AtOnce = 64, ReadWhileThrottled = 4096; // for the token
    private readonly Channel<JobRequest> _requests = Channel.CreateBounded<JobRequest>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private IDisposable? _subscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = bus.Subscribe(JobRequest.Filter, this);
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return base.StopAsync(cancellationToken);
    }

    /// <summary>A will on a request topic is delivered to others and not executed.</summary>
    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (message.IsWill || JobRequest.Read(message) is not { } request)
            return DurabilityTicket.None;
        if (_requests.Reader.Count >= MostLookedAt)
            request = request with { Body = request.Body.Length <= ReadWhileThrottled ? request.Body : [], IsThrottled = true };
        if (!_requests.Writer.TryWrite(request))
            LogDropped(request.Thing, MostWaiting);
        return DurabilityTicket.None;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _requests.Reader.WaitToReadAsync(stoppingToken))
        {
            var batch = new List<JobRequest>();
            while (batch.Count < AtOnce && _requests.Reader.TryRead(out var request))
                batch.Add(request);
            await Task.WhenAll(batch.GroupBy(static request => request.Thing).Select(async requests =>
            {
                foreach (var request in requests)
                    await AnswerAsync(request, stoppingToken);
            }));
        }
    }

    private async Task AnswerAsync(JobRequest request, CancellationToken cancellationToken)
    {
        string? token = null;
        try
        {
            var body = request.Parse();
            token = body.Text("clientToken");
            if (request.IsThrottled)
                throw new JobRefusal("RequestThrottled", "too many requests are waiting");
            if (request.Operation.Length == 0)
                throw new JobRefusal("InvalidTopic", $"{request.Topic} is no request: expected get, start-next, JOB/get or JOB/update behind jobs/");
            if (catalog.Find(request.Thing) is null)
                throw new JobRefusal("ResourceNotFound", $"thing {request.Thing} is not registered");
            await TellAsync(request, "accepted", await AcceptAsync(request, body, token, cancellationToken));
        }
        catch (JobRefusal refusal)
        {
            await RejectAsync(request, refusal, token);
        }
        catch (JobException refused)
        {
            await RejectAsync(request, JobRefusal.From(refused), token);
        }
#pragma warning disable CA1031 // A device's request that fails here is answered and logged, and costs the next one nothing.
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(ex, request.Topic);
            await RejectAsync(request, new("InternalError", "the gateway failed; its log tells why"), token);
        }
    }

    private Task<byte[]> AcceptAsync(JobRequest request, JsonElement body, string? token, CancellationToken cancellationToken) => request switch
    {
        { JobId: null, Operation: "get" } => Task.FromResult(Pending(request.Thing, token)),
        { JobId: null } => StartNextAsync(request.Thing, body, token, cancellationToken),
        { Operation: "get" } => Task.FromResult(Describe(request, body, token)),
        _ => UpdateAsync(request, body, token, cancellationToken),
    };

    private byte[] Pending(string thing, string? token)
    {
        var pending = jobs.Pending(thing, int.MaxValue);
        return JobMessages.Answer(Now, token, json =>
        {
            JobMessages.WriteSummaries(json, "inProgressJobs", pending.Where(static execution => execution.Status == ExecutionStatus.InProgress), evenIfEmpty: true);
            JobMessages.WriteSummaries(json, "queuedJobs", pending.Where(static execution => execution.Status == ExecutionStatus.Queued), evenIfEmpty: true);
        });
    }

    private async Task<byte[]> StartNextAsync(string thing, JsonElement body, string? token, CancellationToken cancellationToken)
    {
        var started = await jobs.StartNextAsync(thing, body.Texts("statusDetails"), body.Whole("stepTimeoutInMinutes"), cancellationToken);
        return Execution(started, token, withDocument: true);
    }

    private byte[] Describe(JobRequest request, JsonElement body, string? token)
    {
        var isNext = request.JobId == "$next";
        var execution = isNext ? jobs.Pending(request.Thing, 1).SingleOrDefault() : jobs.Execution(request.JobId!, request.Thing, body.Whole("executionNumber"));
        if (execution is null && !isNext)
            throw JobException.NoExecution(request.JobId!, request.Thing);
        return Execution(execution, token, body.Truth("includeJobDocument") ?? true);
    }

    private async Task<byte[]> UpdateAsync(JobRequest request, JsonElement body, string? token, CancellationToken cancellationToken)
    {
        var word = body.Text("status") ?? throw new JobRefusal("InvalidRequest", "status is missing");
        var status = JobWords.ToExecutionStatus(word) ?? throw new JobRefusal("InvalidRequest", $"status is '{word}', expected IN_PROGRESS, SUCCEEDED, FAILED or REJECTED");
        var update = new ExecutionUpdate(status, body.Texts("statusDetails"), body.Whole("expectedVersion"), body.Whole("stepTimeoutInMinutes"));
        var updated = await jobs.UpdateExecutionAsync(request.JobId!, request.Thing, body.Whole("executionNumber"), update, cancellationToken);
        var job = body.Truth("includeJobDocument") == true ? jobs.Find(request.JobId!) : null;
        return JobMessages.Answer(Now, token, json =>
        {
            if (body.Truth("includeJobExecutionState") == true)
                JobMessages.WriteExecutionState(json, updated);
            JobMessages.WriteDocument(json, job, asJson: true);
        });
    }

    private byte[] Execution(JobExecution? execution, string? token, bool withDocument)
    {
        var job = execution is not null && withDocument ? jobs.Find(execution.JobId) : null;
        return JobMessages.Answer(Now, token, json =>
        {
            if (execution is not null)
                JobMessages.WriteExecution(json, execution, job, Now, asJson: true);
        });
    }

    private Task RejectAsync(JobRequest request, JobRefusal refusal, string? token) => TellAsync(request, "rejected", JobMessages.Answer(Now, token, json =>
    {
        json.WriteString("code"u8, refusal.Code);
        json.WriteString("message"u8, refusal.Message);
        if (refusal.Execution is { } execution)
            JobMessages.WriteExecutionState(json, execution);
    }));

    private async Task TellAsync(JobRequest request, string outcome, byte[] body) =>
        await bus.PublishAsync(events.To($"{request.Topic}/{outcome}", body) with { QualityOfService = request.QualityOfService, OnlyTo = request.ClientId }, CancellationToken.None);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(10110, LogLevel.Warning, "A request of {Thing} about its jobs was dropped: {Most} are waiting already")]
    private partial void LogDropped(string thing, int most);

    [LoggerMessage(10111, LogLevel.Error, "The request on {Topic} failed")]
    private partial void LogFailed(Exception exception, string topic);
}
