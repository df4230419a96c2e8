namespace EdgeGateway.Jobs.Commands;

/// <summary>How an execution of a command goes from state to state.</summary>
internal static class CommandMachine
{
    /// <summary>A device's word: also after the time-out, which is no end.</summary>
    /// <exception cref="JobException">It has ended, or the device may not say that.</exception>
    public static CommandExecution Respond(CommandExecution now, CommandResponse response, long time)
    {
        if (response.Status == CommandStatus.Created)
            throw JobException.Invalid("status is 'CREATED', expected IN_PROGRESS, SUCCEEDED, FAILED, REJECTED or TIMED_OUT");
        if (now.Status.IsTerminal())
            throw new JobException(JobErrorKind.InvalidStateTransition, $"the execution is {now.Status.ToWire()} and cannot become {response.Status.ToWire()}");
        return now with
        {
            Status = response.Status, ReasonCode = response.ReasonCode, ReasonDescription = response.ReasonDescription, Result = response.Result ?? now.Result, UpdatedAt = time,
            StartedAt = now.StartedAt ?? time, CompletedAt = response.Status.IsTerminal() ? time : null,
        };
    }

    public static CommandExecution TimeOut(CommandExecution now, long time) =>
        now with { Status = CommandStatus.TimedOut, ReasonCode = "$NO_RESPONSE_FROM_DEVICE", ReasonDescription = $"nothing was heard for {now.TimeoutSeconds} s", UpdatedAt = time };
}
