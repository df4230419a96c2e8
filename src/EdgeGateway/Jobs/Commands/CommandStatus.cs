namespace EdgeGateway.Jobs.Commands;

/// <summary>How far an execution of a command is. The numbers are stored: never renumber.</summary>
public enum CommandStatus
{
    Created = 1,
    InProgress = 2,
    Succeeded = 3,
    Failed = 4,
    Rejected = 5,

    /// <summary>Nothing was heard in time; the device may still say how it went.</summary>
    TimedOut = 6,
}
