namespace EdgeGateway.Jobs.Commands;

/// <summary>AWS's spelling of the states of commands.</summary>
public static class CommandWords
{
    public static string ToWire(this CommandStatus status) => status switch
    {
        CommandStatus.Created => "CREATED",
        CommandStatus.InProgress => "IN_PROGRESS",
        CommandStatus.Succeeded => "SUCCEEDED",
        CommandStatus.Failed => "FAILED",
        CommandStatus.Rejected => "REJECTED",
        _ => "TIMED_OUT",
    };

    /// <summary>Null for a word that is none.</summary>
    public static CommandStatus? ToCommandStatus(string word) => Enum.GetValues<CommandStatus>().Where(status => status.ToWire() == word).Select(static status => (CommandStatus?)status).FirstOrDefault();

    public static bool IsTerminal(this CommandStatus status) => status is CommandStatus.Succeeded or CommandStatus.Failed or CommandStatus.Rejected;
}
