using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary>The commands of <c>edgegateway</c>. All but those given from outside are clients of the control socket.</summary>
internal static class CommandLine
{
    /// <param name="globals">Options of every command.</param>
    /// <param name="serving">Commands that run in this process rather than ask a running gateway.</param>
    public static RootCommand Create(GlobalOptions globals, params ReadOnlySpan<Command> serving)
    {
        var root = new RootCommand("EdgeGateway: AWS IoT Core's six parts on a Raspberry Pi") { globals.Data, globals.Json };
        foreach (var command in serving)
            root.Add(command);
        root.Add(ShadowCommand.Create(globals));
        root.Add(StatusCommand.Create(globals));
        root.Add(SearchCommand.Create(globals));
        root.Add(JobCommand.Create(globals));
        root.Add(SyncCommand.Create(globals));
        root.Add(UpstreamCommand.Create(globals));
        root.Add(ClientCommand.Create(globals));
        root.Add(TapCommand.Create(globals));
        root.Add(MaintenanceCommand.Create(globals));
        root.Add(DoctorCommand.Create(globals));
        root.Add(RuleCommand.Create(globals));
        root.Add(SqlCommand.Create(globals));
        root.Add(PublishCommands.CreatePublish(globals));
        root.Add(PublishCommands.CreateSubscribe(globals));
        root.Add(SensorsCommand.Create(globals));
        root.Add(DemoCommand.Create(globals));
        root.Add(BackupCommand.Create(globals));
        root.Add(RestoreCommand.Create(globals));
        root.Add(DeviceCommand.Create(globals));
        root.Add(CertCommand.Create(globals));
        root.Add(PolicyCommand.Create(globals));
        root.Add(CredentialCommand.Create(globals));
        root.Add(PermitJoinCommand.Create(globals));
        root.Add(UserCommand.Create(globals));
        root.Add(AuditCommand.Create(globals));
        root.Add(ThingCommand.Create(globals));
        root.Add(TypeCommand.Create(globals));
        root.Add(GroupCommand.Create(globals));
        root.Add(BillingGroupCommand.Create(globals));
        root.Add(AccessKeyCommand.Create(globals));
        root.Add(AccessTokenCommand.Create(globals));
        root.Add(CompletionCommand.Create());
        root.Add(DriversCommand.Create(globals));
        root.Add(TableCommand.Create(globals));
        root.Add(RoleCommand.Create(globals));
        root.Add(DeliveryCommand.Create(globals));
        root.Add(SecretCommand.Create(globals));
        root.Add(ObjectCommand.Create(globals));
        root.Add(QueueCommand.Create(globals));
        root.Add(StreamCommand.Create(globals));
        root.Add(SeriesCommand.Create(globals));
        root.Add(AlarmCommand.Create(globals));
        root.Add(LogsCommand.Create(globals));
        root.Add(NotifyCommand.Create(globals));
        root.Add(FunctionCommand.Create(globals));
        root.Add(VersionCommand.Create(globals));
        return root;
    }

    /// <returns>0 done, 1 refused or failed, 2 usage.</returns>
    public static async Task<int> InvokeAsync(RootCommand root, string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            // No termination timeout: the host stops in its own time on SIGTERM, and a client simply ends.
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = error });
        }
        foreach (var fault in parsed.Errors)
            await error.WriteLineAsync($"edgegateway: {fault.Message.TrimEnd('.')}; see 'edgegateway {Words(parsed)}--help'");
        return ExitCodes.Usage;
    }

    private static string Words(ParseResult parsed)
    {
        var words = "";
        for (var command = parsed.CommandResult; command.Parent is System.CommandLine.Parsing.CommandResult parent; command = parent)
            words = $"{command.Command.Name} {words}";
        return words;
    }
}
