using System.Formats.Cbor;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Storage;

namespace EdgeGateway.Jobs.Commands;

/// <summary>Keeps commands and their executions, tells devices, and takes their answers on <c>$aws/commands/…/response[/FORMAT]</c>.</summary>
internal sealed partial class CommandService(Database database, IThingCatalog catalog, IMessageBus bus, GatewayOptions gateway, TimeProvider time, ILogger<CommandService> logger)
    : BackgroundService, ICommands, IMessageSink
{
    private const int MostWaiting = 1000, LongestTimeout = 86_400, MaxContent = 32 * 1024, MaxResponse = 128 * 1024;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180), LongestWait = TimeSpan.FromHours(1), RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly MessageOrigin Origin = new("commands");
    private readonly Channel<Heard> _responses = Channel.CreateBounded<Heard>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly SemaphoreSlim _look = new(0, 1);
    private readonly List<IDisposable> _subscriptions = [];
    private readonly ClockSteps _clock = new(time);

    public IReadOnlyList<Command> All => database.Read(CommandStore.All);

    public IReadOnlyList<CommandExecution> Executions => database.Read(CommandStore.Executions);

    public Command? Find(string id) => database.Read(connection => CommandStore.Find(connection, id));

    public CommandExecution? FindExecution(string id) => database.Read(connection => CommandStore.FindExecution(connection, id));

    public Task<Command> CreateAsync(Command command, CancellationToken cancellationToken)
    {
        JobRules.Id("commandId", command.Id);
        if (command.Namespace != "AWS-IoT")
            throw JobException.Invalid($"namespace is '{command.Namespace}', expected AWS-IoT");
        if (!Convert.TryFromBase64String(command.Content, new byte[command.Content.Length], out var length) || length > MaxContent)
            throw JobException.Invalid($"payload.content is base64 of at most {MaxContent} bytes");
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(connection =>
        {
            if (CommandStore.Find(connection, command.Id) is not null)
                throw new JobException(JobErrorKind.Conflict, $"command {command.Id} exists already");
            var made = command with { CreatedAt = Now, UpdatedAt = Now };
            CommandStore.Put(connection, made);
            return made;
        });
    }

    public Task<Command> UpdateAsync(string id, Func<Command, Command> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(connection =>
        {
            var next = change(CommandStore.Find(connection, id) ?? throw NoCommand(id)) with { UpdatedAt = Now };
            CommandStore.Put(connection, next);
            return next;
        });
    }

    public Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(connection => CommandStore.Delete(connection, id));
    }

    public async Task<CommandExecution> StartAsync(string command, string targetArn, string? parameters, int timeoutSeconds, string? token, CancellationToken cancellationToken)
    {
        var device = Device(targetArn);
        if (timeoutSeconds is < 1 or > LongestTimeout)
            throw JobException.Invalid($"executionTimeoutSeconds is {timeoutSeconds}, expected 1 to {LongestTimeout}");
        cancellationToken.ThrowIfCancellationRequested();
        await FollowClockAsync();
        var (execution, told, isNew) = await database.WriteAsync(connection =>
        {
            var what = CommandStore.Find(connection, command) ?? throw NoCommand(command);
            if (token is not null && CommandStore.FindByToken(connection, token) is { } same)
                return same.CommandId == command && same.TargetArn == targetArn ? (same, what, false) : throw new JobException(JobErrorKind.Conflict, "clientToken was used for another execution");
            if (what.IsDeprecated)
                throw new JobException(JobErrorKind.Conflict, $"command {command} is deprecated");
            CommandStore.DeleteBefore(connection, Now - (long)Kept.TotalMilliseconds);
            var made = new CommandExecution(Guid.NewGuid().ToString(), command, targetArn, parameters, timeoutSeconds, Now) { UpdatedAt = Now };
            CommandStore.Put(connection, made, token);
            return (made, what, true);
        });
        if (isNew)
        {
            Look();
            var topic = $"$aws/commands/{device}/executions/{execution.Id}/request{(told.Format is { } format ? $"/{format}" : "")}";
            await bus.PublishAsync(new ApplicationMessage(topic, Convert.FromBase64String(told.Content)) { Origin = Origin }, CancellationToken.None);
        }
        return execution;
    }

    public Task DeleteExecutionAsync(string id, string targetArn, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(connection =>
        {
            if (CommandStore.FindExecution(connection, id) is not { } execution || execution.TargetArn != targetArn)
                return;
            if (!execution.Status.IsTerminal() && execution.Status != CommandStatus.TimedOut)
                throw new JobException(JobErrorKind.Conflict, $"the execution is {execution.Status.ToWire()}: it has not ended");
            CommandStore.DeleteExecution(connection, id);
        });
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var filter in new[] { "$aws/commands/+/+/executions/+/response", "$aws/commands/+/+/executions/+/response/+" })
            _subscriptions.Add(bus.Subscribe(filter, this));
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        return base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _look.Dispose();
        _clock.Dispose();
        base.Dispose();
    }

    public DurabilityTicket OnMessage(in MessageView message)
    {
        if (message.IsWill || message.TopicString.Split('/') is not [_, _, var kind, var name, _, var id, _, .. var rest] || rest is not ([] or ["json"] or ["cbor"]))
            return DurabilityTicket.None;
        var heard = new Heard($"{kind}/{name}", id, rest.SingleOrDefault(), message.Payload[..Math.Min(message.Payload.Length, MaxResponse + 1)].ToArray());
        if (!_responses.Writer.TryWrite(heard))
            LogDropped(heard.Device, MostWaiting);
        return DurabilityTicket.None;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await foreach (var heard in _responses.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                var response = Parse(heard);
                await FollowClockAsync();
                await database.WriteAsync(connection =>
                {
                    if (CommandStore.FindExecution(connection, heard.ExecutionId) is not { } execution || Device(execution.TargetArn) != heard.Device)
                        throw new JobException(JobErrorKind.ResourceNotFound, $"execution {heard.ExecutionId} is none of {heard.Device}");
                    CommandStore.Put(connection, CommandMachine.Respond(execution, response, Now));
                });
                Look();
                await AnswerAsync(heard, "accepted", json => json.WriteString("executionId"u8, heard.ExecutionId));
            }
            catch (JobException refused)
            {
                await RejectAsync(heard, refused.Kind.ToString(), refused.Message);
            }
#pragma warning disable CA1031 // A device's answer that fails here is answered and logged, and costs the next one nothing.
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(ex, heard.ExecutionId);
                await RejectAsync(heard, "InternalError", "the gateway failed; its log tells why");
            }
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var wait = RetryAfter;
            try
            {
                wait = await TimeOutAsync();
            }
#pragma warning disable CA1031 // Whatever failed is due again: a full disk passes.
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogNotEnded(ex, RetryAfter.TotalSeconds);
            }
            if (wait <= TimeSpan.Zero)
                continue;
            await using var timer = time.CreateTimer(_ => Look(), null, wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
            await _look.WaitAsync(stoppingToken);
        }
    }

    /// <returns>When to come again.</returns>
    private async Task<TimeSpan> TimeOutAsync()
    {
        await FollowClockAsync();
        if (database.Read(CommandStore.NextDeadline) is not { } at)
            return LongestWait;
        if (at > Now)
            return TimeSpan.FromMilliseconds(at - Now);
        await database.WriteAsync(connection =>
        {
            foreach (var execution in CommandStore.Overdue(connection, Now))
                CommandStore.Put(connection, CommandMachine.TimeOut(execution, Now));
        });
        return TimeSpan.Zero;
    }

    private Task FollowClockAsync() => _clock.FollowAsync(step => database.WriteAsync(connection => CommandStore.Shift(connection, step)));

    private CommandResponse Parse(Heard heard)
    {
        if (heard.Body.Length > MaxResponse)
            throw JobException.Invalid($"the response has more than {MaxResponse} bytes");
        try
        {
            using var document = JsonDocument.Parse(heard.Format == "cbor" ? FromCbor(heard.Body) : heard.Body);
            var root = document.RootElement;
            var word = root.Text("status") ?? throw JobException.Invalid("status is missing");
            var status = CommandWords.ToCommandStatus(word) ?? throw JobException.Invalid($"status is '{word}', expected IN_PROGRESS, SUCCEEDED, FAILED, REJECTED or TIMED_OUT");
            var reason = root.TryGetProperty("statusReason", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
            return new(
                status, reason.ValueKind == JsonValueKind.Object ? reason.Text("reasonCode") : null, reason.ValueKind == JsonValueKind.Object ? reason.Text("reasonDescription") : null,
                root.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object ? result.GetRawText() : null);
        }
        catch (JobRefusal ex)
        {
            throw JobException.Invalid(ex.Message);
        }
        catch (Exception ex) when (ex is JsonException or CborContentException or InvalidOperationException or OverflowException)
        {
            throw JobException.Invalid($"the response is not {heard.Format ?? "json"}: {ex.Message}");
        }
    }

    // Maps, texts, numbers, booleans and bytes (as base64), which is what a response is made of.
    private static byte[] FromCbor(byte[] body)
    {
        var reader = new CborReader(body);
        return JobMessages.Object(json =>
        {
            for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap;)
            {
                json.WritePropertyName(reader.ReadTextString());
                Value(json);
            }
            reader.ReadEndMap();
        });

        void Value(Utf8JsonWriter json)
        {
            switch (reader.PeekState())
            {
                case CborReaderState.TextString:
                    json.WriteStringValue(reader.ReadTextString());
                    break;
                case CborReaderState.ByteString:
                    json.WriteBase64StringValue(reader.ReadByteString());
                    break;
                case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                    json.WriteNumberValue(reader.ReadInt64());
                    break;
                case CborReaderState.Boolean:
                    json.WriteBooleanValue(reader.ReadBoolean());
                    break;
                case CborReaderState.StartMap:
                    json.WriteStartObject();
                    for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap;)
                    {
                        json.WritePropertyName(reader.ReadTextString());
                        Value(json);
                    }
                    reader.ReadEndMap();
                    json.WriteEndObject();
                    break;
                case CborReaderState.Null:
                    reader.ReadNull();
                    json.WriteNullValue();
                    break;
                default:
                    json.WriteNumberValue(reader.ReadDouble());
                    break;
            }
        }
    }

    private Task RejectAsync(Heard heard, string error, string message) => AnswerAsync(heard, "rejected", json =>
    {
        json.WriteString("executionId"u8, heard.ExecutionId);
        json.WriteString("error"u8, error);
        json.WriteString("errorMessage"u8, message);
    });

    private async Task AnswerAsync(Heard heard, string outcome, Action<Utf8JsonWriter> writeMembers)
    {
        var topic = string.Create(CultureInfo.InvariantCulture, $"$aws/commands/{heard.Device}/executions/{heard.ExecutionId}/response/{outcome}{(heard.Format is { } format ? $"/{format}" : "")}");
        await bus.PublishAsync(new ApplicationMessage(topic, JobMessages.Object(writeMembers)) { Origin = Origin }, CancellationToken.None);
    }

    /// <returns><c>things/NAME</c> or <c>clients/ID</c>, as in the topics.</returns>
    private string Device(string arn)
    {
        var (thing, client) = (gateway.Arn("thing/"), gateway.Arn("client/"));
        if (arn.StartsWith(client, StringComparison.Ordinal) && arn.Length > client.Length && arn.AsSpan(client.Length).IndexOfAny('/', '+', '#') < 0)
            return $"clients/{arn[client.Length..]}";
        if (!arn.StartsWith(thing, StringComparison.Ordinal))
            throw JobException.Invalid($"targetArn is '{arn}', expected {thing}NAME or {client}ID");
        return catalog.Find(arn[thing.Length..]) is not null ? $"things/{arn[thing.Length..]}" : throw new JobException(JobErrorKind.ResourceNotFound, $"thing {arn[thing.Length..]} is not registered");
    }

    private static JobException NoCommand(string id) => new(JobErrorKind.ResourceNotFound, $"command {id} is not there");

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Look()
    {
        try
        {
            _look.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyway.
        }
    }

    [LoggerMessage(10130, LogLevel.Warning, "An answer of {Device} to a command was dropped: {Most} are waiting already")]
    private partial void LogDropped(string device, int most);

    [LoggerMessage(10131, LogLevel.Error, "The answer to the command's execution {Execution} failed")]
    private partial void LogFailed(Exception exception, string execution);

    [LoggerMessage(10132, LogLevel.Error, "Executions of commands that have taken too long could not be ended; it is tried again in {Seconds} s")]
    private partial void LogNotEnded(Exception exception, double seconds);

    // An answer as it came.
    private sealed record Heard(string Device, string ExecutionId, string? Format, byte[] Body);
}
