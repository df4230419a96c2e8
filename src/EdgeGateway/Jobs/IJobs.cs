namespace EdgeGateway.Jobs;

/// <summary>Jobs, their templates and executions. What is answered is durable.</summary>
/// <remarks>Thread-safe; answers are told to devices and on the event topics after they are on disk.</remarks>
/// <exception cref="JobException">Refused; nothing changed.</exception>
public interface IJobs
{
    /// <summary>In order of their ids.</summary>
    IReadOnlyList<Job> All { get; }

    Job? Find(string id);

    /// <summary>Null if there is no such job.</summary>
    JobView? View(string id);

    /// <summary>Makes a job; things are told at once, at its rate, or from its start on.</summary>
    Task<Job> CreateAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Other settings from now on; the document stays.</summary>
    Task<Job> UpdateAsync(string id, Func<JobSettings, JobSettings> change, CancellationToken cancellationToken);

    /// <summary>Further groups for a continuous job.</summary>
    Task<Job> AssociateAsync(string id, IReadOnlyList<string> targets, string? comment, CancellationToken cancellationToken);

    /// <param name="force">What is in progress, too.</param>
    Task<Job> CancelAsync(string id, bool force, string? reasonCode, string? comment, CancellationToken cancellationToken);

    /// <param name="force">Also one that has not ended.</param>
    Task DeleteAsync(string id, bool force, CancellationToken cancellationToken);

    /// <summary>The last execution of each thing, in order of the things' names.</summary>
    IReadOnlyList<JobExecution> ExecutionsOf(string job);

    /// <summary>All executions of a thing, in order of jobs and numbers.</summary>
    IReadOnlyList<JobExecution> ExecutionsFor(string thing);

    /// <param name="number">Null: the last.</param>
    JobExecution? Execution(string job, string thing, long? number);

    /// <summary>What a device has to do, in the order it gets it: what it has begun first.</summary>
    IReadOnlyList<JobExecution> Pending(string thing, int atMost);

    Task CancelExecutionAsync(string job, string thing, bool force, long? expectedVersion, IReadOnlyDictionary<string, string>? details, CancellationToken cancellationToken);

    /// <inheritdoc cref="DeleteAsync"/>
    Task DeleteExecutionAsync(string job, string thing, long number, bool force, CancellationToken cancellationToken);

    /// <summary>A device takes its next job.</summary>
    /// <returns>Null: there is none.</returns>
    Task<JobExecution?> StartNextAsync(string thing, IReadOnlyDictionary<string, string>? details, long? stepTimeoutMinutes, CancellationToken cancellationToken);

    /// <summary>A device says how far it is.</summary>
    /// <param name="number">Null: the last.</param>
    Task<JobExecution> UpdateExecutionAsync(string job, string thing, long? number, ExecutionUpdate update, CancellationToken cancellationToken);

    /// <summary>In order of their ids.</summary>
    IReadOnlyList<JobTemplate> Templates { get; }

    JobTemplate? FindTemplate(string id);

    Task CreateTemplateAsync(JobTemplate template, CancellationToken cancellationToken);

    Task DeleteTemplateAsync(string id, CancellationToken cancellationToken);
}
