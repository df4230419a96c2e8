namespace EdgeGateway.Jobs;

/// <summary>A request over MQTT that is answered with <c>rejected</c>.</summary>
/// <param name="code">Such as <c>InvalidRequest</c>.</param>
/// <param name="execution">How the execution stands; null leaves it out.</param>
internal sealed class JobRefusal(string code, string message, JobExecution? execution = null) : Exception(message)
{
    public string Code => code;
    public JobExecution? Execution => execution;

    public static JobRefusal From(JobException refused) => refused.Kind switch
    {
        JobErrorKind.ResourceNotFound => new("ResourceNotFound", refused.Message),
        JobErrorKind.InvalidStateTransition => new("InvalidStateTransition", refused.Message, refused.Execution),
        JobErrorKind.VersionMismatch => new("VersionMismatch", refused.Message, refused.Execution),
        JobErrorKind.TerminalState => new("TerminalStateReached", refused.Message),
        _ => new("InvalidRequest", refused.Message),
    };
}
