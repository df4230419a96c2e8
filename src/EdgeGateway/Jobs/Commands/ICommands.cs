namespace EdgeGateway.Jobs.Commands;

/// <summary>Commands and their executions. What is answered is durable.</summary>
/// <exception cref="JobException">Refused; nothing changed.</exception>
public interface ICommands
{
    /// <summary>In order of their ids.</summary>
    IReadOnlyList<Command> All { get; }

    /// <summary>In the order they were started; those of the last 180 days.</summary>
    IReadOnlyList<CommandExecution> Executions { get; }

    Command? Find(string id);

    CommandExecution? FindExecution(string id);

    Task<Command> CreateAsync(Command command, CancellationToken cancellationToken);

    Task<Command> UpdateAsync(string id, Func<Command, Command> change, CancellationToken cancellationToken);

    /// <summary>Its executions stay.</summary>
    Task DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Tells a device: publishes the command's content on <c>$aws/commands/things|clients/TARGET/executions/ID/request[/FORMAT]</c>.</summary>
    /// <param name="token">The same again gives the execution it gave.</param>
    Task<CommandExecution> StartAsync(string command, string targetArn, string? parameters, int timeoutSeconds, string? token, CancellationToken cancellationToken);

    Task DeleteExecutionAsync(string id, string targetArn, CancellationToken cancellationToken);
}
