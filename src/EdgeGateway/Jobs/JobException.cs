namespace EdgeGateway.Jobs;

/// <summary>A request about jobs that was refused; nothing changed.</summary>
/// <param name="execution">How the execution stands, where it is about one.</param>
public sealed class JobException(JobErrorKind kind, string message, JobExecution? execution = null) : Exception(message)
{
    public JobErrorKind Kind => kind;
    public JobExecution? Execution => execution;

    internal static JobException Invalid(string message) => new(JobErrorKind.InvalidRequest, message);

    internal static JobException NoJob(string id) => new(JobErrorKind.ResourceNotFound, $"job {id} is not there");

    internal static JobException NoExecution(string job, string thing) => new(JobErrorKind.ResourceNotFound, $"thing {thing} has no execution of job {job}");
}
