using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Jobs.Commands;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Commands and their executions.</summary>
internal sealed class CommandOperations(ICommands commands, ITags tags, DataPermissions permissions, GatewayOptions gateway) : IAwsOperations
{
    private const int UsualTimeout = 10;

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateCommand", CreateAsync),
        new("GetCommand", Get),
        new("UpdateCommand", UpdateAsync),
        new("DeleteCommand", DeleteAsync),
        new("ListCommands", List),
        new("StartCommandExecution", StartAsync),
        new("GetCommandExecution", GetExecution),
        new("ListCommandExecutions", ListExecutions),
        new("DeleteCommandExecution", DeleteExecutionAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        foreach (var member in new[] { "payloadTemplate", "preprocessor", "mandatoryParameters" })
            if (body.Names.Contains(member))
                throw AwsException.InvalidRequest($"{member} is given, but this gateway sends a command's payload as it is: put the parameters into StartCommandExecution's own command");
        var payload = body.Object("payload") ?? throw AwsException.Missing("payload");
        var made = await commands.CreateAsync(
            new(call.Label("commandId"), body.String("namespace") ?? "AWS-IoT", body.String("displayName"), body.String("description"), payload.Required("content"), payload.String("contentType"), body.String("roleArn"), false, 0, 0), cancellationToken);
        await tags.ReplaceAsync(Arn(made.Id), wanted, cancellationToken);
        return AwsReply.Json(writer =>
        {
            writer.WriteString("commandId"u8, made.Id);
            writer.WriteString("commandArn"u8, Arn(made.Id));
        });
    }

    private ValueTask<AwsReply> Get(AwsCall call, CancellationToken cancellationToken)
    {
        var command = Find(call);
        return new(AwsReply.Json(writer =>
        {
            WriteHead(writer, command);
            writer.WriteString("namespace"u8, command.Namespace);
            writer.WriteOptional("description", command.Description);
            writer.WriteObject("payload", payload =>
            {
                payload.WriteString("content"u8, command.Content);
                payload.WriteOptional("contentType", command.ContentType);
            });
            writer.WriteOptional("roleArn", command.RoleArn);
        }));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var command = await commands.UpdateAsync(call.Label("commandId"), command => command with
        {
            DisplayName = body.String("displayName") ?? command.DisplayName, Description = body.String("description") ?? command.Description, IsDeprecated = body.OptionalBoolean("deprecated") ?? command.IsDeprecated,
        }, cancellationToken);
        return AwsReply.Json(writer =>
        {
            writer.WriteString("commandId"u8, command.Id);
            writer.WriteOptional("displayName", command.DisplayName);
            writer.WriteOptional("description", command.Description);
            writer.WriteBoolean("deprecated"u8, command.IsDeprecated);
            writer.WriteTime("lastUpdatedAt", command.UpdatedAt);
        });
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await commands.DeleteAsync(call.Label("commandId"), cancellationToken);
        await tags.ReplaceAsync(Arn(call.Label("commandId")), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.NoContent; // AWS binds statusCode to the answer's own: 204, deleted at once
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var space = call.Query("namespace");
        var page = call.Page(commands.All, static command => command.Id, command => space is null || command.Namespace == space);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("commands", page.Items, WriteHead);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> StartAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var parameters = body.Object("parameters") is { } given ? given.Element.GetRawText() : null;
        var (command, target) = (IdOf(body.Required("commandArn")), body.Required("targetArn"));
        RequireStart(call, command, target);
        var execution = await commands.StartAsync(
            command, target, parameters, JobParts.Whole(body, "executionTimeoutSeconds") ?? UsualTimeout, body.String("clientToken"), cancellationToken);
        return AwsReply.Json(writer => writer.WriteString("executionId"u8, execution.Id));
    }

    // On the data plane: people by their role, devices and temporary credentials where their policies allow it on the command and on the target.
    private void RequireStart(AwsCall call, string command, string target)
    {
        if (call.Caller is { Role: { } role, ActsUnderRole: false })
        {
            if (role < Role.Operator)
                throw new AwsException(403, "AccessDeniedException", $"{call.Caller.Actor} has the role {role.ToWire()}, iot:{call.Route.Name} needs {Role.Operator.ToWire()}");
            return;
        }
        var prefix = gateway.Arn("");
        permissions.Require(call.Caller, "iot:StartCommandExecution", $"command/{command}");
        permissions.Require(call.Caller, "iot:StartCommandExecution", target.StartsWith(prefix, StringComparison.Ordinal) ? target[prefix.Length..] : target);
    }

    private ValueTask<AwsReply> GetExecution(AwsCall call, CancellationToken cancellationToken)
    {
        var (id, target) = (call.Label("executionId"), call.RequiredQuery("targetArn"));
        var execution = commands.FindExecution(id) is { } found && found.TargetArn == target ? found : throw AwsException.NotFound($"execution {id} of {target} is not there");
        return new(AwsReply.Json(writer =>
        {
            WriteSummary(writer, execution);
            if (execution.ReasonCode is { } code)
                writer.WriteObject("statusReason", reason =>
                {
                    reason.WriteString("reasonCode"u8, code);
                    reason.WriteOptional("reasonDescription", execution.ReasonDescription);
                });
            writer.WriteNumber("executionTimeoutSeconds"u8, execution.TimeoutSeconds);
            WriteObject(writer, "parameters", execution.Parameters);
            if (call.QueryBoolean("includeResult") ?? false)
                WriteResult(writer, execution.Result);
            writer.WriteTime("lastUpdatedAt", execution.UpdatedAt);
            writer.WriteTime("timeToLive", execution.CreatedAt + (180L * 86_400_000));
        }));
    }

    private ValueTask<AwsReply> ListExecutions(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var (target, command) = (body.String("targetArn"), body.String("commandArn"));
        if (target is null == command is null)
            throw AwsException.InvalidRequest("targetArn or commandArn is expected, not both");
        var id = command is null ? null : IdOf(command);
        var status = body.String("status") is not { } word ? null as CommandStatus? : CommandWords.ToCommandStatus(word) ?? throw AwsException.InvalidRequest($"status is '{word}', expected CREATED, IN_PROGRESS, SUCCEEDED, FAILED, REJECTED or TIMED_OUT");
        var page = call.Page(
            [.. commands.Executions.OrderBy(Key, StringComparer.Ordinal)], Key, execution => (target is null || execution.TargetArn == target) && (id is null || execution.CommandId == id) && (status is null || execution.Status == status));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("commandExecutions", page.Items, WriteSummary);
            writer.WriteOptional("nextToken", page.NextToken);
        }));

        static string Key(CommandExecution execution) => $"{execution.CreatedAt:D15} {execution.Id}";
    }

    private async ValueTask<AwsReply> DeleteExecutionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await commands.DeleteExecutionAsync(call.Label("executionId"), call.RequiredQuery("targetArn"), cancellationToken);
        return AwsReply.Empty;
    }

    private void WriteHead(Utf8JsonWriter writer, Command command)
    {
        writer.WriteString("commandId"u8, command.Id);
        writer.WriteString("commandArn"u8, Arn(command.Id));
        writer.WriteOptional("displayName", command.DisplayName);
        writer.WriteBoolean("deprecated"u8, command.IsDeprecated);
        writer.WriteTime("createdAt", command.CreatedAt);
        writer.WriteTime("lastUpdatedAt", command.UpdatedAt);
        writer.WriteBoolean("pendingDeletion"u8, false);
    }

    private void WriteSummary(Utf8JsonWriter writer, CommandExecution execution)
    {
        writer.WriteString("executionId"u8, execution.Id);
        writer.WriteString("commandArn"u8, Arn(execution.CommandId));
        writer.WriteString("targetArn"u8, execution.TargetArn);
        writer.WriteString("status"u8, execution.Status.ToWire());
        writer.WriteTime("createdAt", execution.CreatedAt);
        writer.WriteTime("startedAt", execution.StartedAt);
        writer.WriteTime("completedAt", execution.CompletedAt);
    }

    // The device says s, b and bin; the API S, B and BIN.
    private static void WriteResult(Utf8JsonWriter writer, string? result)
    {
        if (result is null)
            return;
        using var document = JsonDocument.Parse(result);
        writer.WriteStartObject("result"u8);
        foreach (var entry in document.RootElement.EnumerateObject().Where(static entry => entry.Value.ValueKind == JsonValueKind.Object))
        {
            writer.WriteStartObject(entry.Name);
            foreach (var value in entry.Value.EnumerateObject())
            {
                writer.WritePropertyName(value.Name.ToUpperInvariant());
                value.Value.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter writer, string name, string? json)
    {
        if (json is null)
            return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(json);
    }

    private string IdOf(string arn)
    {
        var prefix = Arn("");
        return arn.StartsWith(prefix, StringComparison.Ordinal) ? arn[prefix.Length..] : throw AwsException.InvalidRequest($"commandArn is '{arn}', expected {prefix}ID");
    }

    private Command Find(AwsCall call) => commands.Find(call.Label("commandId")) ?? throw AwsException.NotFound($"command {call.Label("commandId")} is not there");

    private string Arn(string id) => gateway.Arn($"command/{id}");
}
